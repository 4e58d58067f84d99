package io.seawall.walkafka.port;

import io.seawall.wal.WalRecord;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Port: a transactional producer, pinned to one partition. Calls come from one thread at a time, except {@link #close}. Futures
 * and callbacks fail with a {@link LaneFault}.
 */
public interface LaneProducer extends AutoCloseable {
    /**
     * A record to write.
     *
     * @param wal the bytes of the {@code wal} header
     * @param writer the bytes of the {@code wal-w} header, or null for none
     * @param timestampMs CreateTime in milliseconds since the epoch
     * @param data key, value, and the headers that follow
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Outgoing(byte[] wal, byte @Nullable [] writer, long timestampMs, WalRecord data) {
        public Outgoing(byte[] wal, byte @Nullable [] writer, long timestampMs, WalRecord data) {
            this.wal = wal;
            this.writer = writer;
            this.timestampMs = timestampMs;
            this.data = data;
        }
    }

    /** Called once for each record, in the order of sending, on a producer thread that must not be blocked. */
    interface Acknowledged {
        /**
         * Called when every in-sync replica has the record, or the record has failed.
         *
         * @param offset its offset; -1 if it failed
         * @param fault why it failed, or null
         */
        void on(long offset, @Nullable LaneFault fault);
    }

    /** Fences every earlier producer of the same lane. When it completes, their transactions are final. */
    CompletableFuture<Void> init();

    /** Begins a transaction, without contacting the broker. */
    void begin();

    /**
     * Sends a record in the open transaction, after the records that were sent before. Never throws: errors go to the callback.
     * Never blocks: a record that cannot be sent yet is held back for a bounded time. After a record has failed, no later one is
     * written.
     */
    void send(Outgoing record, Acknowledged callback);

    /** Commits the open transaction. Any failure leaves the outcome unknown. */
    CompletableFuture<Void> commit();

    /**
     * Returns a fault if the brokers have answered this producer that its topic does not exist. Then no record in flight will be
     * acknowledged, although the client may keep trying for long. Contacts no broker. Only a hint: the caller checks the topic.
     *
     * @return a fault of kind {@link LaneFault.Kind#GONE}, or null while the brokers know the topic
     */
    default @Nullable LaneFault lostTopic() {
        return null;
    }

    /** Releases the producer soon and drops unsent records. Never throws, never blocks. */
    @Override
    void close();
}
