package io.seawall.walkafka.admin;

import io.seawall.wal.PChannel;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Finds transactions of other programs that hold up the committed view of logs. One call at a time. */
@FunctionalInterface
public interface ForeignTransactions {
    /**
     * Asks Kafka for open transactions. Does not block.
     *
     * @param pchannels the logs
     * @return the transaction that holds up the committed view of each log; without logs that nothing holds up, or for which that
     *     is not known. Finds only a transaction that was open at the call before as well
     */
    CompletableFuture<Map<PChannel, ForeignTransaction>> look(Collection<PChannel> pchannels);
}
