package io.seawall.cli;

import java.util.concurrent.CountDownLatch;

/** A process whose stop takes until it is interrupted. */
final class StopSignalsMain {
    private StopSignalsMain() {}

    public static void main(String[] args) throws InterruptedException {
        StopSignals.add(new Thread(() -> {
            System.out.println("stopping");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException asked) {
                System.out.println("hurried");
            }
        }));
        System.out.println("started");
        new CountDownLatch(1).await();
    }
}
