package io.seawall.node.watch;

import io.seawall.wal.FutureErrors;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request that is sent again and again, one at a time, and since when it has no answer. One thread calls {@link #ask}; any thread
 * may read the results.
 */
final class Question {
    private final Supplier<CompletableFuture<?>> send;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private volatile @Nullable State state; // written when an answer comes, read by any thread; null before the first
    private CompletableFuture<?> asking = CompletableFuture.completedFuture(null); // used by ask() only

    /**
     * Creates a question that was not asked yet.
     *
     * @param send sends the request; fails within a bounded time if there is no answer
     * @param patience how long an answer may be missing
     * @param nanoTime a monotonic clock in nanoseconds
     */
    Question(Supplier<CompletableFuture<?>> send, Duration patience, LongSupplier nanoTime) {
        this.send = send;
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    /**
     * What is known.
     *
     * @param answeredNanos the time of the last answer
     * @param trouble the error of the last request, or null if it was answered
     */
    private record State(long answeredNanos, @Nullable String trouble) {
        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        State(long answeredNanos, @Nullable String trouble) {
            this.answeredNanos = answeredNanos;
            this.trouble = trouble;
        }
    }

    /** Sends the request, unless the last one is still open. Does not block. */
    void ask() {
        if (asking.isDone()) {
            asking = send.get().handle((answer, error) -> {
                note(error);
                return true;
            });
        }
    }

    private void note(@Nullable Throwable error) {
        var before = state;
        if (error == null) {
            restart();
        } else if (before != null) {
            state = new State(
                    before.answeredNanos(),
                    String.valueOf(FutureErrors.unwrapped(error).getMessage()));
        }
    }

    /** Counts the patience from now on, as if there had been an answer. */
    void restart() {
        state = new State(nanoTime.getAsLong(), null);
    }

    /** Returns whether there ever was an answer. */
    boolean wasAnswered() {
        return state != null;
    }

    /** Returns for how long there was no answer and why, as in "has not answered for 5 s: why"; null if patience is not over. */
    @Nullable
    String silence() {
        var known = state;
        if (known == null) {
            return null;
        }
        var silent = Duration.ofNanos(nanoTime.getAsLong() - known.answeredNanos());
        if (silent.compareTo(patience) < 0) {
            return null;
        }
        var why = known.trouble() == null ? "" : ": " + known.trouble();
        return "has not answered for " + silent.toSeconds() + " s" + why;
    }
}
