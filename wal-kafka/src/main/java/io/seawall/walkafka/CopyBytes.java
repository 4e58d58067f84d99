package io.seawall.walkafka;

/**
 * How many bytes one transaction of a republication holds: few at first, and more with each one that is committed. What is committed
 * need not be written again. So an opening that is cut off, be it by a slow connection or by the end of its process, has mostly left
 * something behind, the next one gets further, and copies are not added for ever. After a transaction that did not get through the
 * next one is smaller.
 */
final class CopyBytes {
    /** Written in a moment, and enough to have no more than one transaction in most openings. */
    private static final long FIRST = 2 * 1024 * 1024;

    private static final long LEAST = 64 * 1024;
    private static final int GROWTH = 2;
    private static final int SHRINKAGE = 4;

    private final long least;
    private final long first;
    private final long most;
    private volatile long now; // written by the attempt that writes, and between attempts

    private CopyBytes(long least, long first, long most) {
        this.least = least;
        this.first = first;
        this.most = most;
        this.now = first;
    }

    /** As many as {@code wal.roll.bytes} in the end. */
    static CopyBytes upTo(long most) {
        return new CopyBytes(Math.min(LEAST, most), Math.min(FIRST, most), most);
    }

    /** Always the same. */
    static CopyBytes always(long bytes) {
        return new CopyBytes(bytes, bytes, bytes);
    }

    long now() {
        return now;
    }

    /** After a transaction that was committed. */
    void grow() {
        now = now > most / GROWTH ? most : now * GROWTH; // without an overflow
    }

    /** After a transaction that did not get through; false if there is no smaller one. */
    boolean shrink() {
        var smaller = Math.max(least, now / SHRINKAGE);
        var shrunk = smaller < now;
        now = smaller;
        return shrunk;
    }

    /** After a takeover that came to its end. */
    void reset() {
        now = first;
    }
}
