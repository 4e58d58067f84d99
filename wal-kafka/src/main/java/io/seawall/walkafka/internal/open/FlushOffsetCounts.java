package io.seawall.walkafka.internal.open;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Counts how often a flush position could not be committed as a group offset, over all logs of a process. Thread-safe. */
public final class FlushOffsetCounts {
    private final AtomicLong failures = new AtomicLong();
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Counts a failure. Returns whether it is the first one since the last success. */
    public boolean failed() {
        failures.incrementAndGet();
        return failing.compareAndSet(false, true);
    }

    public void succeeded() {
        failing.set(false);
    }

    public long failures() {
        return failures.get();
    }
}
