package io.seawall.walkafka.internal.client;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Stored;
import io.seawall.walkafka.port.OffsetGoneException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** A cursor over a Kafka consumer that is assigned to one partition. Blocking calls run on the executor. */
final class KafkaLogCursor implements LogCursor {
    private final Source source;
    private final Consumer<byte[], byte[]> consumer;
    private final PChannel pchannel;
    private final TopicPartition partition;
    private final Executor executor;
    private final ReentrantLock use = new ReentrantLock(); // the consumer allows one thread at a time
    private final AtomicBoolean closed = new AtomicBoolean(); // set by close, read by calls
    private long position = -1; // guarded by use
    private boolean failed; // guarded by use

    /** Where the consumer comes from, and what becomes of it. */
    interface Source {
        /** Returns the consumer, which nobody else uses. */
        Consumer<byte[], byte[]> consumer();

        /**
         * Takes the consumer back. Called once; the consumer is not used afterwards.
         *
         * @param works whether all calls succeeded and none was interrupted
         */
        void release(boolean works);
    }

    KafkaLogCursor(Source source, TopicPartition partition, PChannel pchannel, Executor executor) {
        this.source = source;
        this.consumer = source.consumer();
        this.pchannel = pchannel;
        this.partition = partition;
        this.executor = executor;
        consumer.assign(List.of(partition));
    }

    @Override
    public CompletableFuture<Range> range() {
        return call(() -> {
            var only = List.of(partition);
            return new Range(offset(consumer.beginningOffsets(only)), offset(consumer.endOffsets(only)));
        });
    }

    private long offset(Map<TopicPartition, Long> offsets) {
        return Objects.requireNonNull(offsets.get(partition), "Kafka answers for the partition that was asked for");
    }

    @Override
    public CompletableFuture<Fetched> fetch(long from, Duration wait) {
        return call(() -> {
            if (position != from) {
                consumer.seek(partition, from);
                position = from;
            }
            try {
                var records = consumer.poll(wait).records(partition);
                var stored = new ArrayList<Stored>(records.size());
                for (var record : records) {
                    stored.add(toStored(record));
                }
                position = consumer.position(partition);
                return new Fetched(stored, position);
            } catch (OffsetOutOfRangeException gone) {
                position = -1;
                throw new OffsetGoneException(from, gone);
            }
        });
    }

    @Override
    public CompletableFuture<OptionalLong> offsetAt(long timestampMs) {
        return call(() -> {
            var found = consumer.offsetsForTimes(Map.of(partition, timestampMs)).get(partition);
            return found == null ? OptionalLong.empty() : OptionalLong.of(found.offset());
        });
    }

    private static Stored toStored(ConsumerRecord<byte[], byte[]> record) {
        byte[] wal = null;
        byte[] writer = null;
        var headers = new ArrayList<Header>();
        for (var header : record.headers()) {
            if (wal == null && header.key().equals(Header.RESERVED)) {
                wal = header.value();
            } else if (writer == null && header.key().equals(Header.WRITER)) {
                writer = header.value();
            } else {
                headers.add(new Header(header.key(), header.value()));
            }
        }
        var data = new WalRecord(record.key(), record.value(), headers);
        return new Stored(record.offset(), record.timestamp(), wal, writer, data);
    }

    private <T> CompletableFuture<T> call(Supplier<T> blocking) {
        var result = new CompletableFuture<T>();
        try {
            executor.execute(() -> {
                use.lock();
                try {
                    if (closed.get()) {
                        throw Problem.of(ErrorCode.SHUTTING_DOWN, "read " + pchannel)
                                .found("a closed reader")
                                .exception();
                    }
                    result.complete(blocking.get());
                } catch (OffsetGoneException gone) {
                    result.completeExceptionally(gone);
                } catch (RuntimeException error) {
                    failed = true;
                    result.completeExceptionally(KafkaErrors.walException("read " + pchannel, pchannel, error));
                } finally {
                    use.unlock();
                }
            });
        } catch (RejectedExecutionException closing) {
            result.completeExceptionally(KafkaErrors.walException("read " + pchannel, pchannel, closing));
        }
        return result;
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        if (use.tryLock()) { // no call is in progress, and none that comes later touches the consumer
            release(!failed);
        } else {
            consumer.wakeup(); // ends a poll in progress, so that the lock becomes free at once
            use.lock();
            release(false);
        }
    }

    private void release(boolean works) {
        try {
            source.release(works);
        } finally {
            use.unlock();
        }
    }
}
