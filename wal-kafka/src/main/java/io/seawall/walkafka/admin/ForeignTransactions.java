package io.seawall.walkafka.admin;

import io.seawall.wal.PChannel;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Finds transactions of other programs that hold up the committed view of logs. One call at a time. */
@FunctionalInterface
public interface ForeignTransactions {
    /**
     * Asks Kafka for open transactions. Reports only transactions that were already open at the previous call. Does not block.
     *
     * @param pchannels the logs
     * @return the transaction that holds up the committed view of each log; without logs that are not held up, or whose broker
     *     did not answer
     */
    CompletableFuture<Map<PChannel, ForeignTransaction>> find(Collection<PChannel> pchannels);
}
