package io.seawall.flusher;

import java.util.OptionalLong;

/** What the segments of a log have at an LSN. */
sealed interface Found {
    /** Which one it is. */
    enum Kind {
        IN_SEGMENT,
        GAP,
        HOLE,
        BELOW,
        BEHIND
    }

    Kind kind();

    /**
     * The record.
     *
     * @param segment the segment that holds it
     * @param follower the first LSN of the segment behind it, as far as is known
     */
    record InSegment(VerifiedSegment segment, OptionalLong follower) implements Found {
        @Override
        public Kind kind() {
            return Kind.IN_SEGMENT;
        }
    }

    /**
     * A gap segment: the record was trimmed before anybody flushed it.
     *
     * @param nextLsn the LSN behind the gap, and behind those that follow it at once
     */
    record Gap(long nextLsn) implements Found {
        @Override
        public Kind kind() {
            return Kind.GAP;
        }
    }

    /**
     * Nothing, between two segments: an object is missing.
     *
     * @param expected the LSN that the missing segment began with
     * @param nextLsn where the segments go on
     */
    record Hole(long expected, long nextLsn) implements Found {
        @Override
        public Kind kind() {
            return Kind.HOLE;
        }
    }

    /**
     * Nothing, as it lies below the first segment.
     *
     * @param firstLsn where the segments begin
     */
    record Below(long firstLsn) implements Found {
        @Override
        public Kind kind() {
            return Kind.BELOW;
        }
    }

    /**
     * Nothing, as it lies behind the last segment, or there is none.
     *
     * @param nextLsn the LSN behind the last segment; 0 if there is none
     */
    record Behind(long nextLsn) implements Found {
        @Override
        public Kind kind() {
            return Kind.BEHIND;
        }
    }
}
