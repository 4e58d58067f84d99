package io.seawall.flusher.history;

import io.seawall.flusher.segment.VerifiedSegment;
import java.util.OptionalLong;

/** What the segments of a log have at an LSN. */
sealed interface LookupResult {
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
     * @param follower the first LSN of the next segment, if it is known
     */
    record InSegment(VerifiedSegment segment, OptionalLong follower) implements LookupResult {
        @Override
        public Kind kind() {
            return Kind.IN_SEGMENT;
        }
    }

    /**
     * A gap segment: the record was trimmed before it was flushed.
     *
     * @param nextLsn the LSN after the gap and after further gaps that follow it directly
     */
    record Gap(long nextLsn) implements LookupResult {
        @Override
        public Kind kind() {
            return Kind.GAP;
        }
    }

    /**
     * No record between two segments: an object is missing.
     *
     * @param expected the first LSN of the missing segment
     * @param nextLsn the first LSN of the segment after the hole
     */
    record Hole(long expected, long nextLsn) implements LookupResult {
        @Override
        public Kind kind() {
            return Kind.HOLE;
        }
    }

    /**
     * No record: the LSN is below the first segment.
     *
     * @param firstLsn the LSN where the segments begin
     */
    record Below(long firstLsn) implements LookupResult {
        @Override
        public Kind kind() {
            return Kind.BELOW;
        }
    }

    /**
     * No record: the LSN is above the last segment, or there is no segment.
     *
     * @param nextLsn the LSN after the last segment; 0 if there is none
     */
    record Behind(long nextLsn) implements LookupResult {
        @Override
        public Kind kind() {
            return Kind.BEHIND;
        }
    }
}
