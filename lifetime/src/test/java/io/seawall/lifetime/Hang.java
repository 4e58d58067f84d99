package io.seawall.lifetime;

import java.util.concurrent.CountDownLatch;

/** How a fake hangs. */
final class Hang {
    private Hang() {}

    static void untilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
