package io.seawall.node.http;

import java.util.concurrent.atomic.AtomicLong;

/** A bound on the bytes that many requests hold together. */
final class ByteBudget {
    private final AtomicLong left;

    ByteBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Takes bytes if there are as many left. */
    boolean take(long bytes) {
        var before = left.get();
        while (before >= bytes) {
            if (left.compareAndSet(before, before - bytes)) {
                return true;
            }
            before = left.get();
        }
        return false;
    }

    /** Gives bytes back. */
    void give(long bytes) {
        left.addAndGet(bytes);
    }

    long left() {
        return left.get();
    }
}
