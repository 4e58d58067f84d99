package io.seawall.benchmarks.measure;

import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds and counts the records in flight, the same way for both sides. Permits are released in groups, because one wake-up per
 * record would dominate the measurement. One thread sends, any thread answers.
 */
public final class InFlightLimit implements AppendCallback {
    private static final int GROUP = 128;
    private static final int LONGEST_WAIT_S = 60;

    private final Semaphore groups;
    private final AtomicLong answered = new AtomicLong();
    private long sent; // used by the sending thread only
    private volatile @Nullable Throwable failure; // the last one; written by answering threads, read by the sender

    /**
     * Starts with nothing in flight.
     *
     * @param records the most records in flight
     */
    public InFlightLimit(int records) {
        this.groups = new Semaphore(Math.max(2, records / GROUP));
    }

    /** Waits for room for one more record. */
    public void beforeSend() {
        if (sent++ % GROUP == 0) {
            acquireGroup();
        }
    }

    @Override
    public void on(@Nullable Throwable error) {
        if (error != null) {
            failure = error;
        }
        if (answered.incrementAndGet() % GROUP == 0) {
            groups.release();
        }
    }

    /** Waits until everything that was sent is answered. */
    public void drain(Clock clock) {
        var latest = clock.nanos() + TimeUnit.SECONDS.toNanos(LONGEST_WAIT_S);
        while (answered.get() < sent) {
            check();
            if (clock.nanos() > latest) {
                throw late();
            }
            clock.pass(TimeUnit.MICROSECONDS.toNanos(50));
        }
        check();
    }

    long sent() {
        return sent;
    }

    private void acquireGroup() {
        try {
            if (!groups.tryAcquire(LONGEST_WAIT_S, TimeUnit.SECONDS)) {
                throw late();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while appends are in flight", interrupted);
        }
        check();
    }

    private IllegalStateException late() {
        return new IllegalStateException(
                (sent - answered.get()) + " of " + sent + " appends were not answered within " + LONGEST_WAIT_S + " s");
    }

    private void check() {
        var error = failure;
        if (error != null) {
            throw new CompletionException("an append failed, so this round is invalid", error);
        }
    }
}
