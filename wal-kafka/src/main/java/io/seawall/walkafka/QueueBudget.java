package io.seawall.walkafka;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes that wait in front of the window, so that callers that are faster than Kafka are refused. Any thread. */
final class QueueBudget {
    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();

    QueueBudget(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Takes room for an append; one that is alone always finds room. */
    boolean tryTake(PendingAppend append) {
        var all = bytes.addAndGet(append.sizeBytes());
        if (all > mostBytes && all > append.sizeBytes()) {
            bytes.addAndGet(-append.sizeBytes());
            return false;
        }
        return true;
    }

    /** Takes room for an append that was sent and waits again: it is not refused. */
    void takeAgain(PendingAppend append) {
        bytes.addAndGet(append.sizeBytes());
    }

    void giveBack(PendingAppend append) {
        giveBack(append.sizeBytes());
    }

    /** Gives back the room of many at once: callers look at the count all the time. */
    void giveBack(long sizeBytes) {
        bytes.addAndGet(-sizeBytes);
    }

    long bytes() {
        return bytes.get();
    }
}
