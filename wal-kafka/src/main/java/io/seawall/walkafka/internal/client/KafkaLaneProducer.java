package io.seawall.walkafka.internal.client;

import io.seawall.wal.Header;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane on Kafka's producer. With {@code max.block.ms=0} the producer never blocks a thread: a send that would have to wait for
 * metadata fails at once and breaks the transaction. So {@link HeldSends} holds records back until the metadata is there. Calls that
 * take time are {@link PolledCall}s.
 */
final class KafkaLaneProducer implements LaneProducer {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLaneProducer.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partition;
    private final Duration longestCall;
    private final Time time;
    private final Executor io;
    private final HeldSends sends;

    /**
     * Creates a lane and its producer.
     *
     * @param settings the producer's settings, from {@link ClientSettings}
     * @param topic the topic's name in Kafka
     * @param pchannel the log
     * @param longestCall how long an initialization or a commit may take
     * @param longestHeld how long a record may be held back
     * @param time repeats calls that are not done
     * @param io completes futures, and closes the producer
     */
    KafkaLaneProducer(
            Map<String, Object> settings,
            String topic,
            PChannel pchannel,
            Duration longestCall,
            Duration longestHeld,
            Time time,
            Executor io) {
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = topic;
        this.partition = pchannel.partition();
        this.longestCall = longestCall;
        this.time = time;
        this.io = io;
        this.sends = new HeldSends(new Target(), longestHeld, time);
    }

    /** Initializes the transactional id, and requests metadata at the same time, so that the first send is not held back. */
    @Override
    public CompletableFuture<Void> init() {
        var metadata = polled(() -> producer.partitionsFor(topic));
        return polled(producer::initTransactions).thenCompose(done -> metadata);
    }

    private CompletableFuture<Void> polled(Runnable call) {
        return PolledCall.start(call, longestCall, time, io);
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
        sends.send(record, callback);
    }

    /** Kafka's producer as {@link HeldSends} uses it. */
    private final class Target implements HeldSends.Target {
        @Override
        public boolean isReady() {
            try {
                var unused = producer.partitionsFor(topic);
                return true;
            } catch (TimeoutException unknown) {
                return false;
            } catch (RuntimeException other) {
                return true; // a send fails with the same error and reports it
            }
        }

        @Override
        public CompletableFuture<Void> ready(Duration longest) {
            return PolledCall.start(() -> producer.partitionsFor(topic), longest, time, io);
        }

        @Override
        public void send(Outgoing record, Acknowledged callback) {
            sendNow(record, callback);
        }
    }

    private void sendNow(Outgoing record, Acknowledged callback) {
        try {
            var unused = producer.send(toKafka(record), (metadata, error) -> {
                if (error == null && !metadata.hasOffset()) {
                    // The broker has this batch already, but does not
                    // state its offset. The log has to be read to find it.
                    callback.on(-1, KafkaErrors.laneFault(new UnknownOffsetException()));
                } else if (error == null) {
                    callback.on(metadata.offset(), null);
                } else {
                    callback.on(-1, KafkaErrors.laneFault(error));
                }
            });
        } catch (RuntimeException error) {
            // Kafka throws some errors and passes others to the callback, never both.
            callback.on(-1, KafkaErrors.laneFault(error));
        }
    }

    private ProducerRecord<byte[], byte[]> toKafka(Outgoing record) {
        var data = record.data();
        var result = new ProducerRecord<>(topic, partition, record.timestampMs(), data.key(), data.value());
        var headers = result.headers(); // filled here: the constructor would copy a list
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
        var unsent = sends.unsent();
        return unsent == null ? polled(producer::commitTransaction) : CompletableFuture.failedFuture(unsent);
    }

    @Override
    public @Nullable LaneFault lostTopic() {
        try {
            var unused = producer.partitionsFor(topic);
            return null;
        } catch (TimeoutException unknown) {
            // Its cause is the error of the brokers' last answer about the topic; docs/kafka.md#blocking-sends.
            var fault = KafkaErrors.laneFault(unknown);
            return fault.kind() == LaneFault.Kind.GONE ? fault : null;
        } catch (RuntimeException other) {
            return null; // sends fail with the same error
        }
    }

    /** Closes on another thread: Kafka's close waits for the producer's thread, which may be connecting to a dead broker. */
    @Override
    public void close() {
        try {
            io.execute(this::closeNow);
        } catch (RejectedExecutionException closing) {
            closeNow();
        }
    }

    private void closeNow() {
        sends.fail(new LaneFault(LaneFault.Kind.UNAVAILABLE, new IllegalStateException("the lane was closed")));
        // A close without a timeout waits without a bound, and tries to abort the transaction while a successor may
        // already need the log. The successor's first step aborts the transaction anyway.
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
