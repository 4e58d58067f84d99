package io.seawall.flusher;

import io.seawall.flusher.segment.SealedSegment;
import io.seawall.flusher.segment.SpoolFile;
import io.seawall.wal.WalException;

/**
 * The phase of one pchannel's flushing.
 *
 * <pre>
 * Locating -> Waiting -> Spooling -> Publishing -> Waiting ...
 *    ^           |           |
 *    +-- trimmed +-----------+          any -> Stopped
 * </pre>
 */
sealed interface FlushPhase {
    FlushStatus.State state();

    /** The end of the segments is not known yet. */
    record Locating() implements FlushPhase {
        @Override
        public FlushStatus.State state() {
            return FlushStatus.State.LOCATING;
        }
    }

    /**
     * No segment is open.
     *
     * @param nextLsn where the next one begins
     */
    record Waiting(long nextLsn) implements FlushPhase {
        @Override
        public FlushStatus.State state() {
            return FlushStatus.State.WAITING;
        }
    }

    /**
     * A segment is open and holds at least one record, or is about to.
     *
     * @param spool the segment
     */
    record Spooling(SpoolFile spool) implements FlushPhase {
        @Override
        public FlushStatus.State state() {
            return FlushStatus.State.SPOOLING;
        }
    }

    /**
     * A segment is finished and its put has not been answered.
     *
     * @param segment the segment
     */
    record Publishing(SealedSegment segment) implements FlushPhase {
        @Override
        public FlushStatus.State state() {
            return FlushStatus.State.PUBLISHING;
        }
    }

    /**
     * Flushing has stopped.
     *
     * @param error the reason
     */
    record Stopped(WalException error) implements FlushPhase {
        @Override
        public FlushStatus.State state() {
            return FlushStatus.State.STOPPED;
        }
    }
}
