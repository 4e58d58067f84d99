package io.seawall.walkafka.port;

import io.seawall.wal.PChannel;
import java.util.concurrent.CompletableFuture;

/**
 * Port: publishes how far logs are flushed, as a consumer group publishes how far it has read. Thread-safe. Futures fail with a
 * {@link io.seawall.wal.WalException}.
 */
public interface FlushOffsets {
    /**
     * The end of a partition at one moment.
     *
     * @param stable the last stable offset
     * @param high the high watermark, from which lag is counted
     */
    record Ends(long stable, long high) {}

    /**
     * Asks for the current end of a partition. Reads the last stable offset first, so that it is never newer than the high
     * watermark.
     */
    CompletableFuture<Ends> ends(PChannel pchannel);

    /**
     * Commits an offset of the flusher's group.
     *
     * @param offset every record below it is flushed or need not be
     */
    CompletableFuture<Void> commit(PChannel pchannel, long offset);
}
