package io.seawall.walkafka.port;

import io.seawall.wal.PChannel;
import java.util.concurrent.CompletableFuture;

/** Port: deletes the oldest records of partitions. Thread-safe. */
@FunctionalInterface
public interface LogTrimmer {
    /**
     * Deletes the records below an offset. Does nothing if the partition starts there or later.
     *
     * @param offset the first offset to keep
     * @return completes once the partition starts there; fails with a {@link io.seawall.wal.WalException}
     */
    CompletableFuture<Void> deleteBelow(PChannel pchannel, long offset);
}
