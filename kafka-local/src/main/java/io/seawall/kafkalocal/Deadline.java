package io.seawall.kafkalocal;

import java.time.Duration;

/** The end of a wait, by the monotonic clock. Only this class of the module reads that clock. */
record Deadline(long endNanos) {
    static Deadline in(Duration wait) {
        return new Deadline(System.nanoTime() + wait.toNanos());
    }

    boolean isOver() {
        return leftMs() <= 0;
    }

    /** Returns the milliseconds left, 0 or less when the deadline has passed. */
    long leftMs() {
        return (endNanos - System.nanoTime()) / 1_000_000;
    }
}
