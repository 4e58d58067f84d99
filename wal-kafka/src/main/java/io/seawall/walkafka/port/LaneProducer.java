package io.seawall.walkafka.port;

import io.seawall.wal.Record;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Port: one transactional producer, pinned to one partition. Calls come from one thread at a time, except {@link #close}.
 * What fails, fails with a {@link LaneFault}.
 */
public interface LaneProducer extends AutoCloseable {
    /**
     * What to write.
     *
     * @param wal the bytes of the {@code wal} header
     * @param writer the bytes of the {@code wal-w} header, or null for none
     * @param timestampMs CreateTime in milliseconds since the epoch
     * @param data key, value, and the headers that follow
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Outgoing(byte[] wal, byte @Nullable [] writer, long timestampMs, Record data) {
        /**
         * What to write.
         *
         * @param wal the bytes of the {@code wal} header
         * @param writer the bytes of the {@code wal-w} header, or null for none
         * @param timestampMs CreateTime in milliseconds since the epoch
         * @param data key, value, and the headers that follow
         */
        public Outgoing(byte[] wal, byte @Nullable [] writer, long timestampMs, Record data) {
            this.wal = wal;
            this.writer = writer;
            this.timestampMs = timestampMs;
            this.data = data;
        }
    }

    /** Told once for each record, on a thread of the producer that must not be blocked, in the order of sending. */
    interface Acknowledged {
        /**
         * The record is on every in-sync replica, or failed.
         *
         * @param offset its offset; -1 if it failed
         * @param fault why it failed, or null
         */
        void on(long offset, @Nullable LaneFault fault);
    }

    /** Fences every earlier producer of the same lane; when it completes their transactions are final. */
    CompletableFuture<Void> init();

    /** Begins a transaction; local. */
    void begin();

    /**
     * Sends into the open transaction. Never throws: what goes wrong reaches the callback. Never waits: what cannot be sent at once
     * fails at once.
     */
    void send(Outgoing record, Acknowledged callback);

    /** Commits the open transaction. Any failure leaves the outcome unknown. */
    CompletableFuture<Void> commit();

    /**
     * Whether the brokers have told this producer that they do not know its topic any more: then nothing that is in flight will be
     * acknowledged, although the client may go on trying for long. Local; only a hint, which the topic itself confirms.
     *
     * @return a fault of kind {@link LaneFault.Kind#GONE}, or null as long as the topic is known
     */
    default @Nullable LaneFault lostTopic() {
        return null;
    }

    /** Releases the producer soon; what it holds is not sent any more. Never throws, never waits. */
    @Override
    void close();
}
