package io.seawall.node.ports;

import io.seawall.wal.PChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Flushes pchannels and manages their segments. */
public interface Flushes {
    /**
     * Publishes all acknowledged records. Does not block.
     *
     * @param pchannel one that this node owns
     * @return completes, with the LSN below which every record is in a segment, once that covers every record acknowledged
     *     before the call; fails with NOT_OWNER, INVALID if flushing is off, or the store's error
     */
    CompletableFuture<Long> flush(PChannel pchannel);

    /**
     * Stops flushing a pchannel until it is resumed or opened again. Does not block.
     *
     * @param pchannel one that this node owns
     * @throws io.seawall.wal.WalException with NOT_OWNER, or INVALID if flushing is off
     */
    void pause(PChannel pchannel);

    /**
     * Resumes flushing after {@link #pause}. Does not block.
     *
     * @param pchannel one that this node owns
     * @throws io.seawall.wal.WalException with NOT_OWNER, or INVALID if flushing is off
     */
    void resume(PChannel pchannel);

    /**
     * Returns the published segments. May block for as long as the store takes.
     *
     * @param pchannel the pchannel
     * @param from leaves out segments that end below this LSN
     * @param limit the most segments to return
     * @return in the order of their LSNs
     */
    List<Segment> segments(PChannel pchannel, long from, int limit);

    /** Reads every segment of a pchannel and checks the chain and the checksums. Blocks for as long as that takes. */
    Verified verify(PChannel pchannel);

    /**
     * Returns the logs of a topic that have segments, whether the topic exists or not. May block for as long as the store
     * takes.
     *
     * @throws io.seawall.wal.RequestException with code INVALID if flushing is off
     */
    List<PChannel> pchannelsWithSegments(String topic);

    /**
     * Deletes all segments of a log whose topic is gone. May block for as long as the store takes.
     *
     * @return how many segments were deleted
     */
    int deleteSegments(PChannel pchannel);

    /**
     * One published segment.
     *
     * @param name its key in the store
     * @param gap whether it represents LSNs that were trimmed before they were flushed, and holds no records
     * @param first the first LSN of its range
     * @param last the last LSN of its range, inclusive
     * @param records how many records it holds
     * @param bytes its size in the store
     * @param terms the lowest and the highest term among its records; both 0 in a gap
     * @param timestampsMs the earliest and the latest timestamp, in milliseconds since the epoch; both 0 in a gap
     * @param logId the incarnation of the log that it comes from: Kafka's topic id
     */
    record Segment(
            String name,
            boolean gap,
            long first,
            long last,
            long records,
            long bytes,
            Range terms,
            Range timestampsMs,
            String logId) {}

    /**
     * A range; both bounds are inclusive.
     *
     * @param min the lowest value
     * @param max the highest value
     */
    record Range(long min, long max) {}

    /**
     * The result of a verification.
     *
     * @param segments how many segments were read
     * @param records how many records they hold
     * @param next the LSN after the last one, 0 if there is none
     * @param gaps ranges of LSNs that were trimmed before they were flushed; these are not errors
     * @param errors the errors, one sentence each, at most 100; empty if there is none
     */
    record Verified(long segments, long records, long next, List<Range> gaps, List<String> errors) {
        /** Copies the lists. */
        public Verified {
            gaps = List.copyOf(gaps);
            errors = List.copyOf(errors);
        }
    }
}
