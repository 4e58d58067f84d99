package io.seawall.flusher;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many logs are read at once: an open reader takes megabytes, so there is a bounded number for all pchannels of a node. Who
 * waits is served in order. May be used from any thread; wakes who waits under no lock.
 */
final class ReaderPermits {
    private final int most;
    private final Set<Object> holders = new HashSet<>(); // guarded by this, as the next one
    private final Map<Object, Runnable> waiting = new LinkedHashMap<>();

    /**
     * Permits.
     *
     * @param most how many readers may be open, 1 or more
     */
    ReaderPermits(int most) {
        this.most = most;
    }

    /**
     * Takes a permit, or a place in the queue for one.
     *
     * @param holder who; one that has a permit keeps it
     * @param wake run when it is worth asking again
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

    /** Gives the permit back, or the place in the queue; without either nothing happens. */
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

    /** Whether somebody waits, so that who does not need a permit should give it back. */
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
