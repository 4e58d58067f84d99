package io.seawall.flusher;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The disk that all spools of a flusher may take. An open spool counts twice, as it is copied when it is sealed; so a seal never
 * lacks room. When there is none left, the largest open spool is to be sealed and published early, one after the other, and
 * who wants to write waits. May be used from any thread.
 */
final class SpoolBudget {
    /** Whose spool it is; compared by identity. */
    interface Owner {
        /** Runs, under no lock, when the owner is to seal. */
        void wake();
    }

    /** Less is not worth opening a reader for. */
    private static final long LEAST_ROOM_BYTES = 4L * 1024 * 1024;

    private static final int MOST_WOKEN = 4;

    private final long maxBytes;
    /** In the order in which they began to write; guarded by this, as all below. */
    private final Map<Owner, Share> shares = new LinkedHashMap<>();

    /** Who was refused, in that order. */
    private final Set<Owner> waiting = new LinkedHashSet<>();

    private long usedBytes;

    private static final class Share {
        private long bytes;
        /** Sealed; its first put is not answered. */
        private boolean goesOut;

        private boolean sealed;
        private boolean sealAsked;
    }

    SpoolBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Asks for room in an open spool.
     *
     * @param owner whose spool
     * @param moreBytes what it may grow by at the most
     * @return whether it may; if not, somebody was asked to seal
     */
    boolean tryGrow(Owner owner, long moreBytes) {
        Optional<Owner> asked;
        synchronized (this) {
            // An only owner with an empty spool may always write, or a single record above the budget would wait for
            // ever.
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

    /** Whether it is worth reading; if not, somebody was asked to seal. */
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

    /** Who was asked now, if anybody was. */
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

    /** Sets what an open spool takes in truth. */
    synchronized void isOpen(Owner owner, long fileBytes) {
        var share = shares.computeIfAbsent(owner, any -> new Share());
        add(share, 2 * fileBytes - share.bytes);
    }

    /** The spool was sealed; its copy is gone. */
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

    /** Not all, as there is room for few. */
    private List<Owner> firstWaiting() {
        var first = waiting.stream().limit(MOST_WOKEN).toList();
        first.forEach(waiting::remove);
        return first;
    }

    /** A put failed: nobody waits for this one alone any more. */
    synchronized void isStuck(Owner owner) {
        var share = shares.get(owner);
        if (share != null) {
            share.goesOut = false;
        }
    }

    /** Whether the owner's open spool is to be sealed to make room. */
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

    /** What is taken, copies to come included, in bytes. */
    synchronized long usedBytes() {
        return usedBytes;
    }

    long maxBytes() {
        return maxBytes;
    }
}
