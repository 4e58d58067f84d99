package io.seawall.flusher.segment;

import java.util.Arrays;

/**
 * A segment whose bytes match its header, with the position and a checksum of each block: a later read of a part of the object
 * can check that it gets the bytes that were verified. Immutable; about 20 bytes per block.
 */
public final class VerifiedSegment {
    private static final int BYTES_OF_A_BLOCK = Long.BYTES + Long.BYTES + Integer.BYTES;
    private static final int BYTES_OF_THE_REST = 512;

    private final SegmentInfo info;
    private final byte[] header;
    private final long[] firstLsns;
    private final long[] ends;
    private final int[] crcs;

    private VerifiedSegment(SegmentInfo info, byte[] header, long[] firstLsns, long[] ends, int[] crcs) {
        this.info = info;
        this.header = header;
        this.firstLsns = firstLsns;
        this.ends = ends;
        this.crcs = crcs;
    }

    public SegmentInfo info() {
        return info;
    }

    public SegmentKey key() {
        return info.key();
    }

    /** Returns the header's bytes as the object holds them; callers must not change them. */
    public byte[] header() {
        return header;
    }

    public int blocks() {
        return ends.length;
    }

    /** Returns the position of a block in the object, in bytes. */
    public long start(int block) {
        return block == 0 ? info.headerBytes() : ends[block - 1];
    }

    /** Returns the length of a block with its counts and its sync marker, in bytes. */
    public int length(int block) {
        return Math.toIntExact(ends[block] - start(block));
    }

    /** Returns the CRC-32C of exactly the block's bytes. */
    public int crc32c(int block) {
        return crcs[block];
    }

    public long firstLsn(int block) {
        return firstLsns[block];
    }

    /** Returns the block that holds an LSN of this segment. */
    public int blockOf(long lsn) {
        var found = Arrays.binarySearch(firstLsns, lsn);
        return found >= 0 ? found : -found - 2;
    }

    /** Estimates the memory that this object takes, in bytes. */
    public long weightBytes() {
        return header.length + (long) ends.length * BYTES_OF_A_BLOCK + BYTES_OF_THE_REST;
    }

    /** Collects the blocks in order. Used by one thread. */
    public static final class Builder {
        private static final int SOME = 64;

        private long[] firstLsns = new long[SOME];
        private long[] ends = new long[SOME];
        private int[] crcs = new int[SOME];
        private int size;

        public void add(long firstLsn, long end, int crc32c) {
            if (size == ends.length) {
                firstLsns = Arrays.copyOf(firstLsns, size * 2);
                ends = Arrays.copyOf(ends, size * 2);
                crcs = Arrays.copyOf(crcs, size * 2);
            }
            firstLsns[size] = firstLsn;
            ends[size] = end;
            crcs[size] = crc32c;
            size++;
        }

        public VerifiedSegment build(SegmentInfo info, byte[] header) {
            return new VerifiedSegment(
                    info, header, Arrays.copyOf(firstLsns, size), Arrays.copyOf(ends, size), Arrays.copyOf(crcs, size));
        }
    }
}
