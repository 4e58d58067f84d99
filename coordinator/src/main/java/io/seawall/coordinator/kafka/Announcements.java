package io.seawall.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.coordinator.meta.MetaCodec;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a process says about itself: plain records, acknowledged by all replicas. A producer that failed is replaced, because
 * some of its errors are final. One thread makes the calls, since the first one waits for the topic's metadata. Thread-safe.
 */
final class Announcements {
    private static final Duration CLOSE = Duration.ofSeconds(2);
    /** While Kafka is away each record waits for metadata; more of them are refused at once, and written again later. */
    private static final int MOST_WAITING = 256;

    private final String topic;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        var made = new Thread(task, "seawall-meta-announcer");
        made.setDaemon(true);
        return made;
    });

    private final AtomicInteger waiting = new AtomicInteger();
    private @Nullable Producer<byte[], byte[]> producer; // used by the thread only

    Announcements(String topic, Supplier<Producer<byte[], byte[]>> producers) {
        this.topic = topic;
        this.producers = producers;
    }

    CompletableFuture<Void> write(MetaRecord record) {
        var done = new CompletableFuture<Void>();
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            done.completeExceptionally(Problem.of(ErrorCode.OVERLOADED, "write " + record.key())
                    .found(MOST_WAITING + " records that wait for Kafka")
                    .exception());
            return done;
        }
        try {
            thread.execute(() -> {
                waiting.decrementAndGet();
                send(record, done);
            });
        } catch (RejectedExecutionException closed) {
            done.completeExceptionally(Problem.of(ErrorCode.SHUTTING_DOWN, "write " + record.key())
                    .found("a member that is closing")
                    .exception());
        }
        return done;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback has the result.
    private void send(MetaRecord record, CompletableFuture<Void> done) {
        try {
            var mine = producer;
            if (mine == null) {
                mine = producers.get();
                producer = mine;
            }
            var sender = mine;
            var bytes = MetaCodec.write(record);
            sender.send(
                    new ProducerRecord<>(topic, 0, record.key().toString().getBytes(UTF_8), bytes),
                    (metadata, error) -> {
                        if (error == null) {
                            done.complete(null);
                        } else {
                            fail(record, sender, error, done);
                        }
                    });
        } catch (RuntimeException error) {
            fail(record, producer, error, done);
        }
    }

    /**
     * Called by this class's thread or by the producer's own. The producer is given up before the record fails: a caller that
     * writes again at once gets the next one.
     */
    private void fail(
            MetaRecord record,
            @Nullable Producer<byte[], byte[]> failed,
            Exception error,
            CompletableFuture<Void> done) {
        if (!(error instanceof RetriableException)) {
            try {
                thread.execute(() -> drop(failed));
            } catch (RejectedExecutionException closed) {
                // The producer is being closed already.
            }
        }
        done.completeExceptionally(KafkaErrors.ofWrite("write " + record.key(), error));
    }

    private void drop(@Nullable Producer<byte[], byte[]> failed) {
        if (failed != null && failed.equals(producer)) {
            producer = null;
            failed.close(Duration.ZERO);
        }
    }

    /** May be called more than once. */
    void close() {
        try {
            thread.execute(() -> {
                if (producer != null) {
                    producer.close(CLOSE.dividedBy(2));
                }
            });
        } catch (RejectedExecutionException closed) {
            return;
        }
        Threads.close(thread, CLOSE);
    }
}
