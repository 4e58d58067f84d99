package io.seawall.node.serve;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the bytes that many requests hold together. Thread-safe. */
public final class ByteBudget {
    private final AtomicLong left;

    public ByteBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Takes bytes from the budget if that many are left. */
    public boolean take(long bytes) {
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
    public void give(long bytes) {
        left.addAndGet(bytes);
    }

    /** Returns how many bytes are left. */
    public long left() {
        return left.get();
    }
}
