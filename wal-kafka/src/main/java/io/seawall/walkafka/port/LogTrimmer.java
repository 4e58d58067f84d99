package io.seawall.walkafka.port;

import io.seawall.wal.PChannel;
import java.util.concurrent.CompletableFuture;

/** Port: deletes the first records of partitions. May be called from any thread. */
@FunctionalInterface
public interface LogTrimmer {
    /**
     * Makes an offset the first one of a partition; does nothing if it starts there or later.
     *
     * @param offset what is below it goes
     * @return completes once the partition starts there; fails with a {@link io.seawall.wal.WalException}
     */
    CompletableFuture<Void> deleteBelow(PChannel pchannel, long offset);
}
