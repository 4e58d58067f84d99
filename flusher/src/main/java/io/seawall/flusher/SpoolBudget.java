package io.seawall.flusher;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The disk that all spools of a flusher may take. An open spool counts twice, as it is copied when it is sealed; so a seal never
 * lacks room. When there is none left, the largest open spool is to be sealed and published early, one after the other, and
 * who wants to write waits. May be used from any thread.
 */
final class SpoolBudget {
    /** Less is not worth opening a reader for. */
    private static final long LEAST_ROOM_BYTES = 4L * 1024 * 1024;

    private final long maxBytes;
    /** In the order in which they began to write; guarded by this, as all below. */
    private final Map<Object, Share> shares = new LinkedHashMap<>();

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
    synchronized boolean tryGrow(Object owner, long moreBytes) {
        // An only owner with an empty spool may always write, or a single record above the budget would wait for ever.
        if (usedBytes + 2 * moreBytes <= maxBytes || usedBytes == 0) {
            add(shares.computeIfAbsent(owner, any -> new Share()), 2 * moreBytes);
            return true;
        }
        askForRoom();
        return false;
    }

    /** Whether it is worth reading; if not, somebody was asked to seal. */
    synchronized boolean hasRoom() {
        if (usedBytes == 0 || usedBytes + Math.min(LEAST_ROOM_BYTES, maxBytes / 8) <= maxBytes) {
            return true;
        }
        askForRoom();
        return false;
    }

    private void askForRoom() {
        var isRoomComing = shares.values().stream().anyMatch(share -> share.goesOut || share.sealAsked);
        if (!isRoomComing) {
            shares.values().stream()
                    .filter(share -> !share.sealed && share.bytes > 0)
                    .max(Comparator.comparingLong(share -> share.bytes))
                    .ifPresent(largest -> largest.sealAsked = true);
        }
    }

    /** Sets what an open spool takes in truth. */
    synchronized void isOpen(Object owner, long fileBytes) {
        var share = shares.computeIfAbsent(owner, any -> new Share());
        add(share, 2 * fileBytes - share.bytes);
    }

    /** The spool was sealed; its copy is gone. */
    synchronized void isSealed(Object owner, long fileBytes) {
        var share = shares.computeIfAbsent(owner, any -> new Share());
        add(share, fileBytes - share.bytes);
        share.sealed = true;
        share.goesOut = true;
        share.sealAsked = false;
    }

    /** A put failed: nobody waits for this one alone any more. */
    synchronized void isStuck(Object owner) {
        var share = shares.get(owner);
        if (share != null) {
            share.goesOut = false;
        }
    }

    /** Whether the owner's open spool is to be sealed to make room. */
    synchronized boolean isSealAsked(Object owner) {
        var share = shares.get(owner);
        return share != null && share.sealAsked;
    }

    /** The owner has no file any more. */
    synchronized void isGone(Object owner) {
        var share = shares.remove(owner);
        if (share != null) {
            usedBytes -= share.bytes;
        }
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
