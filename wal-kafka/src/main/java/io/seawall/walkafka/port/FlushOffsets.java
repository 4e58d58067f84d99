package io.seawall.walkafka.port;

import io.seawall.wal.PChannel;
import java.util.concurrent.CompletableFuture;

/**
 * Port: shows how far logs are flushed, as a consumer group shows how far it has read. May be called from any thread; what fails,
 * fails with a {@link io.seawall.wal.WalException}.
 */
public interface FlushOffsets {
    /**
     * Where a partition ended at one moment.
     *
     * @param stable the last stable offset
     * @param high the high watermark, from which lag is counted
     */
    record Ends(long stable, long high) {}

    /** Asks where a partition ends now. The last stable offset first, so that it is never the younger one. */
    CompletableFuture<Ends> ends(PChannel pchannel);

    /**
     * Commits an offset of the flusher's group.
     *
     * @param offset everything below it is flushed, or nothing that has to be
     */
    CompletableFuture<Void> commit(PChannel pchannel, long offset);
}
