package io.seawall.walkafka;

import io.seawall.wal.Header;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.LaneProducer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lane on Kafka's own producer. Calls that block run on the executor. */
final class KafkaLaneProducer implements LaneProducer {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLaneProducer.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partition;
    private final Executor io;

    KafkaLaneProducer(Map<String, Object> settings, String topic, PChannel pchannel, Executor io) {
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = topic;
        this.partition = pchannel.partition();
        this.io = io;
    }

    @Override
    public CompletableFuture<Void> init() {
        return blocking(() -> {
            producer.initTransactions();
            // So that no send has to ask where the partition is: that would block the mailbox.
            producer.partitionsFor(topic);
        });
    }

    @Override
    public void begin() {
        try {
            producer.beginTransaction();
        } catch (RuntimeException error) {
            throw KafkaErrors.laneFault(error);
        }
    }

    @Override
    public void send(Outgoing record, Acknowledged callback) {
        try {
            var unused = producer.send(toKafka(record), (metadata, error) -> {
                if (error == null && !metadata.hasOffset()) {
                    // The broker says that it has the batch already, but not where: the log has to be read to know.
                    callback.on(-1, KafkaErrors.laneFault(new UnknownOffsetException()));
                } else if (error == null) {
                    callback.on(metadata.offset(), null);
                } else {
                    callback.on(-1, KafkaErrors.laneFault(error));
                }
            });
        } catch (RuntimeException error) {
            // Some errors are thrown, not called back; never both.
            callback.on(-1, KafkaErrors.laneFault(error));
        }
    }

    private ProducerRecord<byte[], byte[]> toKafka(Outgoing record) {
        var data = record.data();
        var result = new ProducerRecord<>(topic, partition, record.timestampMs(), data.key(), data.value());
        var headers = result.headers(); // filled here, since a list that is given is copied
        headers.add(new KafkaHeader(Header.RESERVED, record.wal()));
        if (record.writer() != null) {
            headers.add(new KafkaHeader(Header.WRITER, record.writer()));
        }
        for (var header : data.headers()) {
            headers.add(new KafkaHeader(header.key(), header.value()));
        }
        return result;
    }

    @Override
    public CompletableFuture<Void> commit() {
        return blocking(producer::commitTransaction);
    }

    private CompletableFuture<Void> blocking(Runnable call) {
        var result = new CompletableFuture<Void>();
        try {
            io.execute(() -> {
                try {
                    call.run();
                    result.complete(null);
                } catch (RuntimeException error) {
                    result.completeExceptionally(KafkaErrors.laneFault(error));
                }
            });
        } catch (RejectedExecutionException closing) {
            result.completeExceptionally(KafkaErrors.laneFault(closing));
        }
        return result;
    }

    @Override
    public void close() {
        // Zero: a plain close waits without a bound and tries to abort, which would take back what was acknowledged
        // later
        // than a successor may need it; the successor's first step aborts anyway.
        try {
            producer.close(Duration.ZERO);
        } catch (RuntimeException error) {
            LOG.atWarn()
                    .setMessage("a producer did not close cleanly")
                    .addKeyValue("topic", topic)
                    .addKeyValue("partition", partition)
                    .addKeyValue("error", String.valueOf(error.getMessage()))
                    .log();
        }
    }

    /** An acknowledgement without an offset. */
    private static final class UnknownOffsetException extends RuntimeException {
        UnknownOffsetException() {
            super("acknowledged as a duplicate, without an offset");
        }
    }
}
