package io.seawall.node.grpc.admin;

import io.grpc.stub.StreamObserver;
import io.seawall.api.v1.CreateTopicRequest;
import io.seawall.api.v1.CreateTopicResponse;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.DescribeResponse;
import io.seawall.api.v1.FlushRequest;
import io.seawall.api.v1.FlushResponse;
import io.seawall.api.v1.ListLogsRequest;
import io.seawall.api.v1.ListLogsResponse;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.TrimRequest;
import io.seawall.api.v1.TrimResponse;
import io.seawall.node.grpc.call.BlockingWork;
import io.seawall.node.grpc.call.CallSession;
import io.seawall.node.grpc.call.GrpcErrors;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.node.grpc.call.OwnerClient;
import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Flushes;
import io.seawall.node.serve.RequestRouting;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.Topic;
import io.seawall.walkafka.admin.TopicOutcome;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.admin.Topics;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The methods of {@code LogService} besides appending and reading. Thread-safe. */
public final class LogCalls extends LogServiceGrpc.LogServiceImplBase {
    private static final int MAX_PCHANNELS = 10_000;
    private static final int MAX_REPLICATION = 100;
    private static final int DEFAULT_PCHANNELS = 4;

    private final Assignments assignments;
    private final Topics topics;
    private final Flushes flushes;
    private final RequestRouting routing;
    private final BlockingWork work;
    private final GrpcErrors errors;

    /**
     * Creates the methods.
     *
     * @param assignments the logs of this node
     * @param topics the topics in Kafka
     * @param flushes flushes the logs of this node
     * @param routing holds calls whose log moves
     * @param work runs what blocks
     * @param errors translates errors
     */
    public LogCalls(
            Assignments assignments,
            Topics topics,
            Flushes flushes,
            RequestRouting routing,
            BlockingWork work,
            GrpcErrors errors) {
        this.assignments = assignments;
        this.topics = topics;
        this.flushes = flushes;
        this.routing = routing;
        this.work = work;
        this.errors = errors;
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeResponse> client) {
        var answer = new Answer<>(client, errors);
        answer.attempt(() -> {
            var pchannel = PChannel.parse(request.getPchannel());
            if (request.getConfirmTail()) {
                atOwner(
                        answer,
                        "confirm the tail of " + pchannel,
                        pchannel,
                        () -> assignments.ownedWal(pchannel).checkTail(),
                        tail -> describe(answer, pchannel, tail));
            } else {
                describe(answer, pchannel, 0);
            }
        });
    }

    /** Describes a log with a tail that is at least the confirmed one, because the known tail may be a moment old. */
    private void describe(Answer<DescribeResponse> answer, PChannel pchannel, long confirmedTail) {
        work.run(
                () -> answer.give(DescribeResponse.newBuilder()
                        .setLog(Descriptions.of(assignments.status(pchannel).withTailOf(confirmedTail)))
                        .build()),
                answer::fail);
    }

    @Override
    public void listLogs(ListLogsRequest request, StreamObserver<ListLogsResponse> client) {
        var answer = new Answer<>(client, errors);
        answer.attempt(() -> {
            var topic = request.getTopic().isEmpty() ? "" : PChannel.checkTopic(request.getTopic());
            var session = CallSession.current();
            work.run(
                    () -> {
                        var logs = ListLogsResponse.newBuilder();
                        for (var status : assignments.statuses()) {
                            var its = status.pchannel().topic();
                            if ((topic.isEmpty() || its.equals(topic)) && session.sees(its)) {
                                logs.addLogs(Descriptions.of(status));
                            }
                        }
                        answer.give(logs.build());
                    },
                    answer::fail);
        });
    }

    @Override
    public void createTopic(CreateTopicRequest request, StreamObserver<CreateTopicResponse> client) {
        var answer = new Answer<>(client, errors);
        answer.attempt(() -> {
            var spec = spec(request);
            work.run(() -> answer.give(created(topics.create(spec))), answer::fail);
        });
    }

    private static TopicSpec spec(CreateTopicRequest request) {
        var operation = "create topic " + PChannel.checkTopic(request.getTopic());
        return new TopicSpec(
                request.getTopic(),
                request.hasPchannels()
                        ? inRange(operation, "pchannels", request.getPchannels(), MAX_PCHANNELS)
                        : DEFAULT_PCHANNELS,
                request.hasReplicationFactor()
                        ? OptionalInt.of(inRange(
                                operation, "replication_factor", request.getReplicationFactor(), MAX_REPLICATION))
                        : OptionalInt.empty(),
                request.hasCompression() ? compression(operation, request.getCompression()) : TopicSpec.NO_COMPRESSION);
    }

    private static int inRange(String operation, String name, int value, int most) {
        if (value < 1 || value > most) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found(name + " " + value)
                    .expected("1 to " + most)
                    .exception();
        }
        return value;
    }

    private static String compression(String operation, String name) {
        if (!TopicSpec.COMPRESSIONS.contains(name)) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found(name.matches("[\\w.-]{1,20}") ? "compression '" + name + "'" : "another compression")
                    .expected("one of " + TopicSpec.COMPRESSIONS)
                    .exception();
        }
        return name;
    }

    private static CreateTopicResponse created(TopicOutcome outcome) {
        var topic = outcome.topic();
        return CreateTopicResponse.newBuilder()
                .setOutcome(
                        switch (outcome.kind()) {
                            case CREATED -> CreateTopicResponse.Outcome.OUTCOME_CREATED;
                            case SAME -> CreateTopicResponse.Outcome.OUTCOME_SAME;
                            case GROWN -> CreateTopicResponse.Outcome.OUTCOME_GROWN;
                            case CONFLICT -> throw conflict(topic);
                        })
                .setPchannels(topic.pchannels())
                .setReplicationFactor(topic.replicationFactor())
                .setCompression(topic.compression())
                .build();
    }

    private static WalException conflict(Topic topic) {
        return Problem.of(ErrorCode.INVALID, "create topic " + topic.name())
                .found("it there with " + topic.pchannels() + " pchannels, replication factor "
                        + topic.replicationFactor() + ", compression " + topic.compression())
                .expected("the same settings, or more pchannels")
                .fix("request the existing settings, or use another name")
                .exception();
    }

    @Override
    public void trim(TrimRequest request, StreamObserver<TrimResponse> client) {
        var answer = new Answer<>(client, errors);
        answer.attempt(() -> {
            var pchannel = PChannel.parse(request.getPchannel());
            if (request.getBefore() < 0) {
                throw Problem.of(ErrorCode.INVALID, "trim " + pchannel)
                        .pchannel(pchannel)
                        .found("before " + request.getBefore())
                        .expected("an LSN of 0 or more")
                        .exception();
            }
            atOwner(
                    answer,
                    "trim " + pchannel,
                    pchannel,
                    () -> assignments.trim(pchannel, request.getBefore()),
                    oldest -> answer.give(
                            TrimResponse.newBuilder().setOldest(oldest).build()));
        });
    }

    @Override
    public void flush(FlushRequest request, StreamObserver<FlushResponse> client) {
        var answer = new Answer<>(client, errors);
        answer.attempt(() -> {
            var pchannel = PChannel.parse(request.getPchannel());
            atOwner(
                    answer,
                    "flush " + pchannel,
                    pchannel,
                    // Copy the future, so that a timeout here does not complete the future of the flush itself.
                    () -> flushes.flush(pchannel).copy().orTimeout(GrpcLimits.FLUSH.toMillis(), TimeUnit.MILLISECONDS),
                    flushed -> answer.give(
                            FlushResponse.newBuilder().setFlushed(flushed).build()));
        });
    }

    /** Does something that only the owner of a log can do. */
    private <A, T> void atOwner(
            Answer<A> answer,
            String operation,
            PChannel pchannel,
            Supplier<CompletableFuture<T>> attempt,
            Consumer<T> done) {
        var client = new OwnerClient(operation, pchannel, assignments, work, answer::fail);
        atOwner(answer, client, routing.route(client, pchannel), pchannel, attempt, done);
    }

    private <A, T> void atOwner(
            Answer<A> answer,
            OwnerClient client,
            RequestRouting.Routed routed,
            PChannel pchannel,
            Supplier<CompletableFuture<T>> attempt,
            Consumer<T> done) {
        Runnable again = () -> atOwner(answer, client, routed, pchannel, attempt, done);
        try {
            answer.when(attempt.get(), done, failure -> {
                if (FutureErrors.unwrapped(failure) instanceof TimeoutException) {
                    answer.fail(late(client.operation(), pchannel));
                } else {
                    routed.failed(failure, 0, again);
                }
            });
        } catch (WalException notHere) {
            routed.failed(notHere, 0, again);
        }
    }

    private static WalException late(String operation, PChannel pchannel) {
        return Problem.of(ErrorCode.UNAVAILABLE, operation)
                .pchannel(pchannel)
                .effect(Effect.UNKNOWN)
                .found("a flush that is not complete after " + GrpcLimits.FLUSH.toSeconds() + " s")
                .fix("it continues; see flushed in the log's description")
                .exception();
    }
}
