package io.seawall.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The time of day and a monotonic clock in nanoseconds, both of which the test advances. */
public final class StepClock implements InstantSource, LongSupplier {
    private volatile Instant now = Instant.EPOCH;
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000); // about to overflow, which it may

    public void forward(Duration by) {
        now = now.plus(by);
        nanos.addAndGet(by.toNanos());
    }

    /** Sets the time of day, as an operator does. */
    public void jump(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }
}
