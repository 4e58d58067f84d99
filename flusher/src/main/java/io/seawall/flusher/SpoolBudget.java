package io.seawall.flusher;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The disk space that all spools of a flusher may take. An open spool counts twice, because it is copied when it is sealed; so
 * a seal never lacks room. When the budget is used up, the largest open spool is sealed and published early, one at a time, and
 * writers wait. Thread-safe.
 */
final class SpoolBudget {
    /** The owner of a spool; compared by identity. */
    interface Owner {
        /** Called without a lock when the owner should seal. */
        void wake();
    }

    /** Less room than this is not worth opening a reader. */
    private static final long LEAST_ROOM_BYTES = 4L * 1024 * 1024;

    private static final int MOST_WOKEN = 4;

    private final long maxBytes;
    /** In the order in which they began to write; guarded by this, as are all fields below. */
    private final Map<Owner, Share> shares = new LinkedHashMap<>();

    /** The owners that were refused, in that order. */
    private final Set<Owner> waiting = new LinkedHashSet<>();

    private long usedBytes;

    private static final class Share {
        private long bytes;
        /** The spool is sealed, and its first put is not answered. */
        private boolean goesOut;

        private boolean sealed;
        private boolean sealAsked;
    }

    SpoolBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Requests room in an open spool.
     *
     * @param owner the owner of the spool
     * @param moreBytes the most that it may grow by
     * @return whether it may; if not, an owner was asked to seal
     */
    boolean tryGrow(Owner owner, long moreBytes) {
        Optional<Owner> asked;
        synchronized (this) {
            // A single owner with an empty spool may always write; otherwise a record above the budget would wait
            // forever.
            if (usedBytes + 2 * moreBytes <= maxBytes || usedBytes == 0) {
                add(shares.computeIfAbsent(owner, any -> new Share()), 2 * moreBytes);
                return true;
            }
            waiting.add(owner);
            asked = askForRoom();
        }
        asked.ifPresent(Owner::wake);
        return false;
    }

    /** Returns whether reading is worthwhile; if not, an owner was asked to seal. */
    boolean hasRoom(Owner owner) {
        Optional<Owner> asked;
        synchronized (this) {
            if (usedBytes == 0 || usedBytes + Math.min(LEAST_ROOM_BYTES, maxBytes / 8) <= maxBytes) {
                return true;
            }
            waiting.add(owner);
            asked = askForRoom();
        }
        asked.ifPresent(Owner::wake);
        return false;
    }

    /** Returns the owner that was now asked to seal, if any. */
    private Optional<Owner> askForRoom() {
        var isRoomComing = shares.values().stream().anyMatch(share -> share.goesOut || share.sealAsked);
        if (isRoomComing) {
            return Optional.empty();
        }
        var largest = shares.entrySet().stream()
                .filter(entry -> !entry.getValue().sealed && entry.getValue().bytes > 0)
                .max(Comparator.comparingLong(entry -> entry.getValue().bytes));
        largest.ifPresent(entry -> entry.getValue().sealAsked = true);
        return largest.map(Map.Entry::getKey);
    }

    /** Sets the actual size of an open spool. */
    synchronized void isOpen(Owner owner, long fileBytes) {
        var share = shares.computeIfAbsent(owner, any -> new Share());
        add(share, 2 * fileBytes - share.bytes);
    }

    /** The spool was sealed: only the finished file is left. */
    void isSealed(Owner owner, long fileBytes) {
        List<Owner> woken;
        synchronized (this) {
            var share = shares.computeIfAbsent(owner, any -> new Share());
            add(share, fileBytes - share.bytes);
            share.sealed = true;
            share.goesOut = true;
            share.sealAsked = false;
            woken = firstWaiting();
        }
        woken.forEach(Owner::wake);
    }

    /** Returns only the first waiters, because there is room for few. */
    private List<Owner> firstWaiting() {
        var first = waiting.stream().limit(MOST_WOKEN).toList();
        first.forEach(waiting::remove);
        return first;
    }

    /** A put failed: others no longer wait for this spool alone. */
    synchronized void isStuck(Owner owner) {
        var share = shares.get(owner);
        if (share != null) {
            share.goesOut = false;
        }
    }

    /** Returns whether the owner's open spool is to be sealed to make room. */
    synchronized boolean isSealAsked(Owner owner) {
        var share = shares.get(owner);
        return share != null && share.sealAsked;
    }

    /** The owner has no file any more. */
    void isGone(Owner owner) {
        List<Owner> woken;
        synchronized (this) {
            waiting.remove(owner);
            var share = shares.remove(owner);
            if (share == null) {
                return;
            }
            usedBytes -= share.bytes;
            woken = firstWaiting();
        }
        woken.forEach(Owner::wake);
    }

    private void add(Share share, long bytes) {
        share.bytes += bytes;
        usedBytes += bytes;
    }

    /** Returns the bytes in use, including copies that seals will create. */
    synchronized long usedBytes() {
        return usedBytes;
    }

    long maxBytes() {
        return maxBytes;
    }
}
