package io.seawall.kafkalocal;

import java.time.Duration;

/** The end of a wait, by the monotonic clock: the one place of this module that reads it. */
record Deadline(long endNanos) {
    static Deadline in(Duration wait) {
        return new Deadline(System.nanoTime() + wait.toNanos());
    }

    boolean isOver() {
        return leftMs() <= 0;
    }

    /** Milliseconds that are left, 0 or less when it is over. */
    long leftMs() {
        return (endNanos - System.nanoTime()) / 1_000_000;
    }
}
