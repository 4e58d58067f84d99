package io.seawall.node.http.exchange;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the bytes that many requests hold together. */
public final class ByteBudget {
    private final AtomicLong left;

    public ByteBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Takes bytes from the budget if that many are left. */
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

    /** Returns bytes to the budget. */
    void give(long bytes) {
        left.addAndGet(bytes);
    }

    long left() {
        return left.get();
    }
}
