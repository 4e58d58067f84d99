package io.seawall.flusher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A time of day and a monotonic clock that the test advances. */
public final class HandClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong(-Duration.ofHours(1).toNanos());

    /** Lets time pass. */
    public void forward(Duration time) {
        now = now.plus(time);
        nanos.addAndGet(time.toNanos());
    }

    /** Sets the time of day, forward or back, without any time passing. */
    public void jump(Duration by) {
        now = now.plus(by);
    }

    /** Returns nanoseconds since an arbitrary origin; not changed by jumps. */
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return now;
    }
}
