package io.seawall.walkafka.internal.open;

/**
 * Decides how many bytes a republication writes in one transaction. Starts small, grows after each commit, and shrinks after a
 * transaction that failed. The next opening does not write committed copies again. So an opening that breaks off usually leaves
 * progress for the next one, and the log does not fill with copies.
 */
final class CopyBytes {
    /** Small enough to be written quickly, large enough that most openings need one transaction only. */
    private static final long FIRST = 2 * 1024 * 1024;

    private static final long LEAST = 64 * 1024;
    private static final int GROWTH = 2;
    private static final int SHRINKAGE = 4;

    private final long least;
    private final long first;
    private final long most;
    private volatile long now; // written by the attempt in progress, and between attempts

    private CopyBytes(long least, long first, long most) {
        this.least = least;
        this.first = first;
        this.most = most;
        this.now = first;
    }

    /** Starts small and grows to {@code most} bytes. */
    static CopyBytes upTo(long most) {
        return new CopyBytes(Math.min(LEAST, most), Math.min(FIRST, most), most);
    }

    /** Uses the same size for every transaction. */
    static CopyBytes always(long bytes) {
        return new CopyBytes(bytes, bytes, bytes);
    }

    long now() {
        return now;
    }

    /** Grows; called after a transaction was committed. */
    void grow() {
        now = now > most / GROWTH ? most : now * GROWTH; // cannot overflow
    }

    /** Shrinks; called after a transaction failed. Returns false if the size is already the smallest. */
    boolean shrink() {
        var smaller = Math.max(least, now / SHRINKAGE);
        var shrunk = smaller < now;
        now = smaller;
        return shrunk;
    }

    /** Returns to the first size; called after a takeover succeeded. */
    void reset() {
        now = first;
    }
}
