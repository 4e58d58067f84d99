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
     * One published segment.
     *
     * @param name its key in the store
     * @param first the LSN of its first record
     * @param last the LSN of its last record, inclusive
     * @param records how many records it holds
     * @param bytes its size in the store
     */
    record Segment(String name, long first, long last, long records, long bytes) {}

    /**
     * What a verification found.
     *
     * @param segments how many segments were read
     * @param records how many records they hold
     * @param next the LSN after the last one, 0 if there is none
     * @param errors what is wrong, one sentence each, at most 100; empty if all is well
     */
    record Verified(long segments, long records, long next, List<String> errors) {
        /** Takes an unchangeable copy of the list. */
        public Verified {
            errors = List.copyOf(errors);
        }
    }
}
