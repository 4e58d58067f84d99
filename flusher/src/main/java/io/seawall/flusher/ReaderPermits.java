package io.seawall.flusher;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bounds how many logs are read at once, because an open reader takes megabytes; the permits are shared by all pchannels of a
 * node and granted in order. Thread-safe; wakes waiters without holding the lock.
 */
final class ReaderPermits {
    private final int most;
    private final Set<Object> holders = new HashSet<>(); // guarded by this, as is the next field
    private final Map<Object, Runnable> waiting = new LinkedHashMap<>();

    /**
     * Creates the permits.
     *
     * @param most how many readers may be open, 1 or more
     */
    ReaderPermits(int most) {
        this.most = most;
    }

    /**
     * Takes a permit, or joins the queue for one.
     *
     * @param holder the holder; one that has a permit keeps it
     * @param wake run when acquiring may succeed
     * @return whether the holder may have a reader open now
     */
    synchronized boolean acquire(Object holder, Runnable wake) {
        if (holders.contains(holder)) {
            return true;
        }
        waiting.putIfAbsent(holder, wake);
        var isNext = firstWaiting(most - holders.size()).contains(holder);
        if (isNext) {
            waiting.remove(holder);
            holders.add(holder);
        }
        return isNext;
    }

    /** Releases the permit or leaves the queue; does nothing otherwise. */
    void release(Object holder) {
        List<Runnable> next;
        synchronized (this) {
            var held = holders.remove(holder);
            var waited = waiting.remove(holder) != null;
            next = held || waited
                    ? firstWaiting(most - holders.size()).stream()
                            .map(waiting::get)
                            .toList()
                    : List.of();
        }
        next.forEach(Runnable::run);
    }

    private List<Object> firstWaiting(int count) {
        var first = new ArrayList<Object>();
        for (var holder : waiting.keySet()) {
            if (first.size() >= count) {
                break;
            }
            first.add(holder);
        }
        return first;
    }

    /** Returns whether others wait, so that a holder that does not need its permit should release it. */
    synchronized boolean areWanted() {
        return !waiting.isEmpty();
    }

    synchronized int held() {
        return holders.size();
    }

    int most() {
        return most;
    }
}
