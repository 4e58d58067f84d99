package io.seawall.coordinator.member;

import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Changes;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The meta topic, as one process reads and writes it. Thread-safe; no method but {@link #close} blocks. Futures fail with a {@link
 * io.seawall.wal.WalException}.
 */
public interface MetaTopic extends AutoCloseable {
    /**
     * Reads all committed records from the first one on, and follows the topic. Retries for ever while Kafka is away. Called once.
     *
     * @param reader receives the records
     */
    void follow(Reader reader);

    /**
     * Takes the coordinator's transactional id, so that transactions of earlier coordinators fail.
     *
     * @param nonce which attempt this is
     * @return completes when the id was taken
     */
    CompletableFuture<Void> takeId(String nonce);

    /**
     * Writes records in one transaction, through the id that was taken for the nonce and through no later one.
     *
     * @param nonce the attempt for which the id was taken
     * @param changes the records
     * @return completes when the transaction is committed; fails if it was not, or may not have been
     */
    CompletableFuture<Void> write(String nonce, Changes changes);

    /**
     * Writes a record of the process about itself, outside of any transaction.
     *
     * @param record the record
     * @return completes when Kafka has acknowledged it
     */
    CompletableFuture<Void> announce(MetaRecord record);

    /** Releases everything. Blocks for a bounded time. */
    @Override
    void close();

    /** Receives the records. Called by one thread; must not block for long, since the next records wait. */
    interface Reader {
        /**
         * Records were read.
         *
         * @param news the records that this version knows a kind of, in the topic's order; may be empty
         * @param current whether everything that was committed when the reading began was delivered by now
         */
        void onNews(List<News> news, boolean current);
    }
}
