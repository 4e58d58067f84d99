package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.OffsetGoneException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that is assigned to one partition. It may use a deposed leader as long as that one answers, and never returns to
 * it after it has found the new leader.
 */
final class SimCursor implements LogCursor {
    private static final long API_TIMEOUT_US = 10_000_000;
    private static final long BACKOFF_US = 10_000;
    private static final int LARGEST_FETCH = 6;

    private final SimKafka kafka;
    private final SimProcess process;
    private final PChannel pchannel;
    private final Isolation isolation;
    private final Connection connection;
    private boolean onDeposed;
    private boolean closed;

    SimCursor(SimKafka kafka, SimProcess process, PChannel pchannel, Isolation isolation) {
        this.kafka = kafka;
        this.process = process;
        this.pchannel = pchannel;
        this.isolation = isolation;
        this.connection = kafka.connect(process);
        this.onDeposed = partition().deposed() != null && kafka.faults().strikes(Fault.STALE_METADATA);
        if (onDeposed) {
            kafka.events().staleRead(process);
        }
    }

    @Override
    public CompletableFuture<Range> range() {
        var result = new CompletableFuture<Range>();
        askRange(result, kafka.loop().nowUs() + API_TIMEOUT_US);
        return result;
    }

    private void askRange(CompletableFuture<Range> result, long untilUs) {
        ask(
                view -> view.range(isolation),
                result,
                untilUs,
                () -> result.completeExceptionally(unavailable("the log's end")));
    }

    @Override
    public CompletableFuture<Fetched> fetch(long from, Duration wait) {
        var result = new CompletableFuture<Fetched>();
        var untilUs = kafka.loop().nowUs() + wait.toNanos() / 1_000;
        askFetch(from, result, untilUs);
        return result;
    }

    private void askFetch(long from, CompletableFuture<Fetched> result, long untilUs) {
        var most = 1 + kafka.faults().random().nextInt(LARGEST_FETCH);
        ask(
                view -> {
                    if (!view.holds(from)) {
                        throw new OffsetGoneException(from, new IllegalStateException("simulated: out of range"));
                    }
                    var fetched = view.fetch(from, isolation, most);
                    return fetched.next() > from ? fetched : null;
                },
                result,
                untilUs,
                () -> result.complete(new Fetched(List.of(), from)));
    }

    @Override
    public CompletableFuture<OptionalLong> offsetAt(long timestampMs) {
        var result = new CompletableFuture<OptionalLong>();
        ask(
                view -> view.offsetAt(timestampMs, isolation),
                result,
                kafka.loop().nowUs() + API_TIMEOUT_US,
                () -> result.completeExceptionally(unavailable("a moment in the log")));
        return result;
    }

    /** A request to a replica; null means to ask again. */
    @FunctionalInterface
    private interface Question<T> {
        @Nullable
        T ask(ReplicaView view);
    }

    private <T> void ask(Question<T> question, CompletableFuture<T> result, long untilUs, Runnable tooLate) {
        if (closed) {
            result.completeExceptionally(Problem.of(ErrorCode.SHUTTING_DOWN, "read " + pchannel)
                    .found("a closed reader")
                    .exception());
            return;
        }
        connection.<Said<T>>call(
                answer -> answer.accept(said(question)),
                said -> {
                    if (said.error() != null) {
                        result.completeExceptionally(said.error());
                    } else if (said.value() != null) {
                        result.complete(said.value());
                    } else {
                        later(question, result, untilUs, tooLate);
                    }
                },
                () -> later(question, result, untilUs, tooLate));
    }

    /** A broker's response: a value, an error, or neither, which means to ask again. */
    private record Said<T>(@Nullable T value, @Nullable RuntimeException error) {}

    private <T> Said<T> said(Question<T> question) {
        var view = view();
        if (view == null) {
            return new Said<>(null, null);
        }
        try {
            return new Said<>(question.ask(view), null);
        } catch (OffsetGoneException gone) {
            return new Said<>(null, gone);
        }
    }

    private @Nullable ReplicaView view() {
        var deposed = onDeposed ? partition().deposed() : null;
        if (onDeposed && deposed == null) {
            onDeposed = false; // it no longer answers: the client looks up the leader
            return null;
        }
        return onDeposed ? deposed : partition().answering();
    }

    /** Consumers address a partition by its name, so they reach a topic that was created again. */
    private SimPartition partition() {
        return kafka.partition(pchannel);
    }

    private <T> void later(Question<T> question, CompletableFuture<T> result, long untilUs, Runnable tooLate) {
        var nowUs = kafka.loop().nowUs();
        if (nowUs >= untilUs) {
            tooLate.run();
            return;
        }
        var pauseUs = Math.min(kafka.faults().between(BACKOFF_US / 10, 3 * BACKOFF_US), untilUs - nowUs);
        kafka.loop().after(pauseUs, () -> process.run(() -> ask(question, result, untilUs, tooLate)));
    }

    private RuntimeException unavailable(String what) {
        return Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                .pchannel(pchannel)
                .found("no answer for " + what)
                .exception();
    }

    @Override
    public void close() {
        closed = true;
        connection.close();
    }
}
