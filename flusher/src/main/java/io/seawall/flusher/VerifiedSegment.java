package io.seawall.flusher;

import java.util.Arrays;

/**
 * A segment whose bytes were found to be what its header says, with the place of each block and a checksum of its own for it:
 * whoever reads a part of the object later knows that it gets the bytes that were verified. Immutable; about 20 bytes for a
 * block.
 */
final class VerifiedSegment {
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

    SegmentInfo info() {
        return info;
    }

    SegmentKey key() {
        return info.key();
    }

    /** The header's bytes, as they stand in the object; not to be changed. */
    byte[] header() {
        return header;
    }

    int blocks() {
        return ends.length;
    }

    /** Where a block begins in the object, in bytes. */
    long start(int block) {
        return block == 0 ? info.headerBytes() : ends[block - 1];
    }

    /** The length of a block with its counts and its sync marker, in bytes. */
    int length(int block) {
        return Math.toIntExact(ends[block] - start(block));
    }

    /** The CRC-32C of exactly the block's bytes. */
    int crc32c(int block) {
        return crcs[block];
    }

    long firstLsn(int block) {
        return firstLsns[block];
    }

    /** The block that holds an LSN, which is one of the segment's. */
    int blockOf(long lsn) {
        var found = Arrays.binarySearch(firstLsns, lsn);
        return found >= 0 ? found : -found - 2;
    }

    /** About how much memory this takes, in bytes. */
    long weightBytes() {
        return header.length + (long) ends.length * BYTES_OF_A_BLOCK + BYTES_OF_THE_REST;
    }

    /** Collects the blocks in order. Used by one thread. */
    static final class Builder {
        private static final int SOME = 64;

        private long[] firstLsns = new long[SOME];
        private long[] ends = new long[SOME];
        private int[] crcs = new int[SOME];
        private int size;

        void add(long firstLsn, long end, int crc32c) {
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

        VerifiedSegment build(SegmentInfo info, byte[] header) {
            return new VerifiedSegment(
                    info, header, Arrays.copyOf(firstLsns, size), Arrays.copyOf(ends, size), Arrays.copyOf(crcs, size));
        }
    }
}
