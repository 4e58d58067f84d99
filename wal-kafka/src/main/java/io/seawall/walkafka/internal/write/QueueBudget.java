package io.seawall.walkafka.internal.write;

import io.seawall.walkafka.internal.lease.PendingAppend;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes that wait for the window, so that callers that append faster than Kafka writes are refused. Thread-safe. */
final class QueueBudget {
    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();

    QueueBudget(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Takes room for an append. Returns false if the queue is full; an append that is alone always finds room. */
    boolean tryTake(PendingAppend append) {
        var all = bytes.addAndGet(append.sizeBytes());
        if (all > mostBytes && all > append.sizeBytes()) {
            bytes.addAndGet(-append.sizeBytes());
            return false;
        }
        return true;
    }

    /** Takes room for an append that was sent and waits again. Never refuses, even above the bound. */
    void takeAgain(PendingAppend append) {
        bytes.addAndGet(append.sizeBytes());
    }

    void giveBack(PendingAppend append) {
        giveBack(append.sizeBytes());
    }

    /** Gives back the room of many appends at once, which disturbs concurrent callers less. */
    void giveBack(long sizeBytes) {
        bytes.addAndGet(-sizeBytes);
    }

    long bytes() {
        return bytes.get();
    }
}
