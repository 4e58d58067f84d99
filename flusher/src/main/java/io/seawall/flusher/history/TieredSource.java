package io.seawall.flusher.history;

import io.seawall.wal.WalReader;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Where a {@link TieredReader} reads now. Each source holds the data that exists only while it is in use:
 *
 * <pre>
 *               Kafka has the record
 *     +----------------+-------------------+-------------+
 *     v                |                   |             |
 *   InKafka --> Undecided --> LookingUp --> InSegment ---+
 *    trimmed     ^  ^            |            |
 *                |  +------------+            |
 *                |     no segment has it      |
 *                +----------------------------+
 *                   end of the segment, error
 * </pre>
 *
 * Immutable, except for what it refers to.
 */
sealed interface TieredSource {
    /** Releases what the source holds. Thread-safe; may be called more than once. */
    void close();

    /** Nothing is open: the next poll asks Kafka, or else looks up a segment. */
    record Undecided() implements TieredSource {
        @Override
        public void close() {}
    }

    /**
     * Kafka has the next record.
     *
     * @param reader a reader at that record
     */
    record InKafka(WalReader reader) implements TieredSource {
        @Override
        public void close() {
            reader.close();
        }
    }

    /**
     * The segment of the next record is being looked up. If a poll ends first, the next one continues to wait.
     *
     * @param lookup the lookup, which others may wait for too
     */
    record LookingUp(CompletableFuture<LookupResult> lookup) implements TieredSource {
        @Override
        public void close() {}
    }

    /**
     * A segment has the next record.
     *
     * @param reader a reader at that record
     * @param begunAt the LSN at which the reader began in this segment
     * @param following the first LSN of the next segment, if it is known
     * @param prefetched whether the next segment was requested ahead
     */
    record InSegment(SegmentReader reader, long begunAt, OptionalLong following, boolean prefetched)
            implements TieredSource {
        InSegment toPrefetched() {
            return new InSegment(reader, begunAt, following, true);
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
