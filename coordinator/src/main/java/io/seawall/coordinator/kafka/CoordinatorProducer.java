package io.seawall.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.coordinator.meta.MetaCodec;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.placement.Changes;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * The coordinators' transactional id. Each attempt has a producer of its own, which is thrown away after its first error: what
 * became of the transaction is found by reading. One thread makes the calls, each of which blocks for a bounded time. Thread-safe.
 */
final class CoordinatorProducer {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final String topic;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        var made = new Thread(task, "seawall-meta-writer");
        made.setDaemon(true);
        return made;
    });

    // Used by the thread only.
    private @Nullable Producer<byte[], byte[]> producer;
    private String nonce = "";

    /**
     * Creates the writer.
     *
     * @param producers makes producers with the transactional id
     */
    CoordinatorProducer(String topic, Supplier<Producer<byte[], byte[]>> producers) {
        this.topic = topic;
        this.producers = producers;
    }

    CompletableFuture<Void> takeId(String next) {
        return run("take the transactional id of the coordinator", () -> {
            drop();
            var made = producers.get();
            producer = made;
            nonce = next;
            made.initTransactions();
        });
    }

    CompletableFuture<Void> write(String attempt, Changes changes) {
        return run("write a decision", () -> commit(attempt, changes));
    }

    private void commit(String attempt, Changes changes) throws ExecutionException {
        var mine = producer;
        if (mine == null || !nonce.equals(attempt)) {
            throw Problem.of(ErrorCode.FENCED, "write a decision")
                    .found("a later attempt of this process")
                    .exception();
        }
        mine.beginTransaction();
        var sent = new ArrayList<Future<RecordMetadata>>();
        for (MetaKey key : changes.removed()) {
            sent.add(mine.send(new ProducerRecord<>(topic, 0, key.toString().getBytes(UTF_8), null)));
        }
        for (var record : changes.written()) {
            sent.add(mine.send(
                    new ProducerRecord<>(topic, 0, record.key().toString().getBytes(UTF_8), MetaCodec.write(record))));
        }
        mine.commitTransaction();
        await(sent);
    }

    private static void await(List<Future<RecordMetadata>> sent) throws ExecutionException {
        for (var each : sent) {
            try {
                each.get();
            } catch (InterruptedException interrupted) {
                throw new InterruptException(interrupted);
            }
        }
    }

    /** A call of Kafka's client. */
    private interface Call {
        void run() throws ExecutionException;
    }

    private CompletableFuture<Void> run(String operation, Call call) {
        var done = new CompletableFuture<Void>();
        try {
            thread.execute(() -> {
                try {
                    call.run();
                    done.complete(null);
                } catch (ExecutionException | RuntimeException error) {
                    done.completeExceptionally(KafkaErrors.ofWrite(operation, error));
                    drop();
                }
            });
        } catch (RejectedExecutionException closed) {
            done.completeExceptionally(Problem.of(ErrorCode.SHUTTING_DOWN, operation)
                    .found("a member that is closing")
                    .exception());
        }
        return done;
    }

    private void drop() {
        var former = producer;
        producer = null;
        nonce = "";
        if (former != null) {
            // A longer time would abort the transaction, or wait for it; the next attempt does both.
            former.close(Duration.ZERO);
        }
    }

    /** May be called more than once. */
    void close() {
        try {
            thread.execute(this::drop);
        } catch (RejectedExecutionException closed) {
            return;
        }
        Threads.close(thread, CLOSE);
    }
}
