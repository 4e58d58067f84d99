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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cursor over a Kafka consumer that is assigned to one partition. Blocking calls run on the executor. */
final class KafkaLogCursor implements LogCursor {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLogCursor.class);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final PChannel pchannel;
    private final TopicPartition partition;
    private final Executor executor;
    private final ReentrantLock use = new ReentrantLock(); // the consumer allows one thread at a time
    private volatile boolean closed; // written by close, read by a call in progress
    private long position = -1; // guarded by use

    KafkaLogCursor(Map<String, Object> settings, String topic, PChannel pchannel, Executor executor) {
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.pchannel = pchannel;
        this.partition = new TopicPartition(topic, pchannel.partition());
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
                    if (closed) {
                        throw Problem.of(ErrorCode.SHUTTING_DOWN, "read " + pchannel)
                                .found("a closed reader")
                                .exception();
                    }
                    result.complete(blocking.get());
                } catch (OffsetGoneException gone) {
                    result.completeExceptionally(gone);
                } catch (RuntimeException error) {
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
        closed = true;
        consumer.wakeup(); // ends a poll in progress, so that the lock becomes free at once
        use.lock();
        try {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        } catch (RuntimeException error) {
            LOG.atWarn()
                    .setMessage("a consumer did not close cleanly")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("error", String.valueOf(error.getMessage()))
                    .log();
        } finally {
            use.unlock();
        }
    }
}
