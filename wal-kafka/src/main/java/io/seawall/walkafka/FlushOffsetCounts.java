package io.seawall.walkafka;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** How often the flush position of a log could not be committed as a group offset, over all logs of a process. For any thread. */
final class FlushOffsetCounts {
    private final AtomicLong failures = new AtomicLong();
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Counts a failure; whether it is the first one since it last worked. */
    boolean failed() {
        failures.incrementAndGet();
        return failing.compareAndSet(false, true);
    }

    void succeeded() {
        failing.set(false);
    }

    long failures() {
        return failures.get();
    }
}
