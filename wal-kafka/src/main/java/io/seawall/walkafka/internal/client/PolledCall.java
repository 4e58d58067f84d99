package io.seawall.walkafka.internal.client;

import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a call of Kafka's producer until it is done, so that no thread waits for a coordinator, however many logs do. With
 * {@code max.block.ms=0} the first call starts the work, and each call throws a {@link TimeoutException} while the work is not done.
 * Kafka's documentation asks callers to repeat the call then.
 */
final class PolledCall {
    private static final long SHORTEST_PAUSE_MS = 1;
    private static final long LONGEST_PAUSE_MS = 100;

    /** A pause lasts an eighth of the time that has passed, so an answer is noticed late by at most that part. */
    private static final int PART = 8;

    private final Runnable call;
    private final Time time;
    private final Executor io;
    private final long startMs;
    private final long longestMs;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    private PolledCall(Runnable call, Duration longest, Time time, Executor io) {
        this.call = call;
        this.time = time;
        this.io = io;
        this.startMs = time.elapsedMs();
        this.longestMs = longest.toMillis();
    }

    /**
     * Starts a call. Runs it on the timer's thread: the current thread may be a caller's, and an interrupted thread fails the call.
     *
     * @param call the call, which throws a {@link TimeoutException} while it is not done
     * @param longest how long the call may take
     * @param time runs the call on its timer
     * @param io completes the future
     * @return completes when the call is done; fails with a {@link io.seawall.walkafka.port.LaneFault}
     */
    static CompletableFuture<Void> start(Runnable call, Duration longest, Time time, Executor io) {
        var polled = new PolledCall(call, longest, time, io);
        time.after(0, polled::poll);
        return polled.result;
    }

    private void poll() {
        try {
            call.run();
            end(null);
        } catch (TimeoutException notYet) {
            var passedMs = time.elapsedMs() - startMs;
            if (passedMs >= longestMs) {
                end(new TimeoutException("not done after " + longestMs + " ms", notYet));
            } else {
                time.after(pauseMs(passedMs), this::poll);
            }
        } catch (RuntimeException error) {
            end(error);
        }
    }

    private long pauseMs(long passedMs) {
        var pauseMs = Math.max(SHORTEST_PAUSE_MS, Math.min(LONGEST_PAUSE_MS, passedMs / PART));
        return Math.min(pauseMs, longestMs - passedMs);
    }

    /** Completes the future on an I/O thread, since continuations may block. */
    private void end(@Nullable RuntimeException error) {
        try {
            io.execute(() -> complete(error));
        } catch (RejectedExecutionException closing) {
            complete(error);
        }
    }

    private void complete(@Nullable RuntimeException error) {
        if (error == null) {
            result.complete(null);
        } else {
            result.completeExceptionally(KafkaErrors.laneFault(error));
        }
    }
}
