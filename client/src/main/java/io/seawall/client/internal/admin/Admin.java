package io.seawall.client.internal.admin;

import io.grpc.MethodDescriptor;
import io.seawall.api.v1.CreateTopicRequest;
import io.seawall.api.v1.CreateTopicResponse;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.FlushRequest;
import io.seawall.api.v1.ListLogsRequest;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.TrimRequest;
import io.seawall.client.internal.admin.UnaryCall.Subject;
import io.seawall.client.internal.rpc.Channels;
import io.seawall.client.internal.rpc.ClientThreads;
import io.seawall.client.internal.rpc.Endpoints;
import io.seawall.client.internal.rpc.Route;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.LogDescription;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.TopicDescription;
import io.seawall.client.log.TopicOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The calls with one answer. They block their callers; the client's thread does the work. */
public final class Admin {
    /** How much longer than the request a caller waits, so that the request's own error comes first. */
    private static final long SLACK_MS = 1_000;

    /** The longest that a request may take; more is as good as for ever. */
    private static final long LONGEST_MS = TimeUnit.DAYS.toMillis(365);

    private final ClientThreads threads;
    private final Channels channels;
    private final Endpoints endpoints;
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet(); // what ends the waiting of each caller
    private volatile boolean closed; // written by close

    /** Creates the calls. */
    public Admin(ClientThreads threads, Channels channels, Endpoints endpoints) {
        this.threads = threads;
        this.channels = channels;
        this.endpoints = endpoints;
    }

    /** Describes a log. */
    public LogDescription describe(String pchannel, boolean confirmTail, Duration atMost) {
        var request = DescribeRequest.newBuilder()
                .setPchannel(pchannel)
                .setConfirmTail(confirmTail)
                .build();
        var subject = new Subject("describe " + pchannel, pchannel, Effect.NONE);
        return description(call(LogServiceGrpc.getDescribeMethod(), request, subject, atMost)
                .getLog());
    }

    /** Lists the logs of a topic, or all. */
    public List<LogDescription> logs(@Nullable String topic, Duration atMost) {
        var request = ListLogsRequest.newBuilder()
                .setTopic(topic == null ? "" : topic)
                .build();
        return call(LogServiceGrpc.getListLogsMethod(), request, new Subject("list logs", null, Effect.NONE), atMost)
                .getLogsList()
                .stream()
                .map(Admin::description)
                .toList();
    }

    /** Creates a topic. */
    public TopicDescription createTopic(String topic, TopicOptions options, Duration atMost) {
        var request = CreateTopicRequest.newBuilder().setTopic(topic);
        if (options.pchannels() != null) {
            request.setPchannels(options.pchannels());
        }
        if (options.replicationFactor() != null) {
            request.setReplicationFactor(options.replicationFactor());
        }
        if (options.compression() != null) {
            request.setCompression(options.compression());
        }
        var subject = new Subject("create topic " + topic, null, Effect.UNKNOWN);
        var answer = call(LogServiceGrpc.getCreateTopicMethod(), request.build(), subject, atMost);
        return new TopicDescription(
                outcome(answer), answer.getPchannels(), answer.getReplicationFactor(), answer.getCompression());
    }

    private static TopicDescription.Outcome outcome(CreateTopicResponse answer) {
        return switch (answer.getOutcome()) {
            case OUTCOME_CREATED -> TopicDescription.Outcome.CREATED;
            case OUTCOME_GROWN -> TopicDescription.Outcome.GROWN;
            case OUTCOME_SAME, OUTCOME_UNSPECIFIED, UNRECOGNIZED -> TopicDescription.Outcome.SAME;
        };
    }

    /** Deletes the oldest records of a log. */
    public long trim(String pchannel, long before, Duration atMost) {
        var request =
                TrimRequest.newBuilder().setPchannel(pchannel).setBefore(before).build();
        return call(
                        LogServiceGrpc.getTrimMethod(),
                        request,
                        new Subject("trim " + pchannel, pchannel, Effect.UNKNOWN),
                        atMost)
                .getOldest();
    }

    /** Writes acknowledged records to segments. */
    public long flush(String pchannel, Duration atMost) {
        var request = FlushRequest.newBuilder().setPchannel(pchannel).build();
        return call(
                        LogServiceGrpc.getFlushMethod(),
                        request,
                        new Subject("flush " + pchannel, pchannel, Effect.UNKNOWN),
                        atMost)
                .getFlushed();
    }

    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Subject subject, Duration atMost) {
        if (threads.isLoop()) {
            throw new IllegalStateException("cannot " + subject.operation()
                    + ": the calling thread is the client's own, which would wait for itself; give the client callbacks that"
                    + " run on threads of their own");
        }
        var atMostMs = Math.max(0, Math.min(TimeUnit.MILLISECONDS.convert(atMost), LONGEST_MS));
        var endMs = threads.nowMs() + atMostMs;
        var answer = new CompletableFuture<A>();
        Runnable end = () -> answer.cancel(false);
        waiting.add(end);
        try {
            if (closed) { // since close has looked for callers that wait
                end.run();
            }
            threads.loop().execute(() -> {
                var route = new Route(endpoints, threads.random());
                new UnaryCall<>(threads, channels, route, method, request, subject, endMs, answer).attempt();
            });
            return await(answer, subject, atMostMs);
        } finally {
            waiting.remove(end);
            end.run(); // a caller that does not wait any more wants no further attempts
        }
    }

    /** Ends all calls, and takes no more. */
    public void close() {
        closed = true;
        waiting.forEach(Runnable::run);
    }

    private <A> A await(CompletableFuture<A> answer, Subject subject, long atMostMs) {
        try {
            return answer.get(atMostMs + SLACK_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw SeawallException.from(failed);
        } catch (CancellationException closing) {
            throw error(Codes.CLOSED, subject, "the client is closed", closing);
        } catch (TimeoutException late) {
            throw error(Codes.UNAVAILABLE, subject, "no answer in time", late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw error(Codes.INTERRUPTED, subject, "the thread was interrupted", e);
        }
    }

    private static SeawallException error(String code, Subject subject, String why, Throwable cause) {
        return SeawallException.of(code, "cannot " + subject.operation() + ": " + why)
                .effect(subject.unsaid())
                .pchannel(subject.pchannel())
                .cause(cause)
                .build();
    }

    private static LogDescription description(io.seawall.api.v1.LogDescription log) {
        return new LogDescription(
                log.getPchannel(),
                log.getState(),
                log.hasTerm() ? log.getTerm() : null,
                log.hasEpoch() ? log.getEpoch() : null,
                text(log.getOwner()),
                text(log.getOwnerUrl()),
                text(log.getOwnerGrpc()),
                log.hasOldest() ? log.getOldest() : null,
                log.hasTail() ? log.getTail() : null,
                log.hasFlushed() ? log.getFlushed() : null,
                text(log.getCause()));
    }

    private static @Nullable String text(String text) {
        return text.isEmpty() ? null : text;
    }
}
