package io.seawall.coordinator.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The pauses of a thread that tries again, and its end. Each pause is longer than the one before. Thread-safe. */
final class Pause {
    private final long leastMs;
    private final long mostMs;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long nextMs; // written by the thread that pauses

    Pause(Duration least, Duration most) {
        leastMs = least.toMillis();
        mostMs = most.toMillis();
        nextMs = leastMs;
    }

    /** The next pause is short again. */
    void reset() {
        nextMs = leastMs;
    }

    /** Waits, but not beyond {@link #end}. An interrupt is an end. */
    void await() {
        try {
            if (ended.await(nextMs, TimeUnit.MILLISECONDS)) {
                return;
            }
            nextMs = Math.min(mostMs, 2 * nextMs);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            end();
        }
    }

    void end() {
        ended.countDown();
    }

    boolean isEnded() {
        return ended.getCount() == 0;
    }
}
