package io.seawall.lifetime;

import java.util.concurrent.CountDownLatch;

/** The ways in which a fake hangs. */
final class Hang {
    private Hang() {}

    static void untilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits like code that swallows interrupts. */
    static void deafUntil(CountDownLatch released) {
        var interrupted = false;
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
