package io.seawall.node.ports;

import io.seawall.wal.PChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The segments of the pchannels. */
public interface Flushes {
    /**
     * Publishes what is acknowledged. Does not block.
     *
     * @param pchannel one that this node owns
     * @return completes, with the LSN below which every record is in a segment, once that covers every record acknowledged
     *     before the call; fails with NOT_OWNER, INVALID if flushing is off, or what the store says
     */
    CompletableFuture<Long> flush(PChannel pchannel);

    /**
     * Stops flushing a pchannel, until it is resumed or opened again. Does not block.
     *
     * @param pchannel one that this node owns
     * @throws io.seawall.wal.WalException with NOT_OWNER, or INVALID if flushing is off
     */
    void pause(PChannel pchannel);

    /**
     * Goes on after {@link #pause}. Does not block.
     *
     * @param pchannel one that this node owns
     * @throws io.seawall.wal.WalException with NOT_OWNER, or INVALID if flushing is off
     */
    void resume(PChannel pchannel);

    /**
     * The published segments. May block for as long as the store takes.
     *
     * @param pchannel which one
     * @param from leaves out segments that end below this LSN
     * @param limit how many at the most
     * @return in the order of their LSNs
     */
    List<Segment> segments(PChannel pchannel, long from, int limit);

    /** Reads every segment of a pchannel and checks the chain and the checksums. Blocks for as long as that takes. */
    Verified verify(PChannel pchannel);

    /**
     * The logs of a topic that have segments, whether the topic is there or not. May block for as long as the store takes.
     *
     * @throws io.seawall.wal.RequestException with code INVALID if flushing is off
     */
    List<PChannel> pchannelsWithSegments(String topic);

    /**
     * Deletes all segments of a log whose topic is gone. May block for as long as the store takes.
     *
     * @return how many they were
     */
    int deleteSegments(PChannel pchannel);

    /**
     * One published segment.
     *
     * @param name its key in the store
     * @param gap whether it stands for LSNs that were trimmed before they were flushed, and holds no records
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
     * Two ends, both inclusive.
     *
     * @param min the lowest value
     * @param max the highest value
     */
    record Range(long min, long max) {}

    /**
     * What a verification found.
     *
     * @param segments how many segments were read
     * @param records how many records they hold
     * @param next the LSN after the last one, 0 if there is none
     * @param gaps ranges of LSNs that were trimmed before they were flushed; nothing is wrong with them
     * @param errors what is wrong, one sentence each, at most 100; empty if all is well
     */
    record Verified(long segments, long records, long next, List<Range> gaps, List<String> errors) {
        /** Takes unchangeable copies of the lists. */
        public Verified {
            gaps = List.copyOf(gaps);
            errors = List.copyOf(errors);
        }
    }
}
