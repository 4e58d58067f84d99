package io.seawall.walkafka.internal.write;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.port.TopicAdmin;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests that callers' code, which may block, never runs on the thread of Kafka's admin client that all logs share. */
class ForeignThreadsTest {
    private final Deque<Runnable> pool = new ArrayDeque<>();
    private final FakeKafka kafka = new FakeKafka().runningOn(pool);

    private void run() {
        while (!pool.isEmpty()) {
            pool.remove().run();
        }
    }

    private KafkaWal open() {
        var opening = kafka.opening(7);
        opening.start();
        run();
        return (KafkaWal) opening.wal().join();
    }

    private static RuntimeException planted() {
        return Problem.of(ErrorCode.NOT_FOUND, "ask Kafka").exception();
    }

    @Test
    void anOpeningThatFailsOnThatThreadIsAnsweredOnAnother() {
        var answer = new CompletableFuture<TopicAdmin.Facts>();
        kafka.withTopics(topic -> answer);
        var opening = kafka.opening(7);
        opening.start();
        run();

        answer.completeExceptionally(planted());

        assertThat(opening.wal()).as("on that thread").isNotDone();
        run();
        assertThat(failure(opening.wal()).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void aTrimThatFailsOnThatThreadIsAnsweredOnAnother() {
        var deletion = new CompletableFuture<Void>();
        kafka.withTrimmer((pchannel, offset) -> deletion);
        var wal = open();
        var appended = wal.append(List.of(record("a")));
        run();
        assertThat(appended).isCompleted();
        var trimmed = wal.trim(1);
        for (var second = 0; second < 5; second++) {
            run();
            kafka.time().advance(1_000);
        }
        run();

        deletion.completeExceptionally(planted());

        assertThat(trimmed).as("on that thread").isNotDone();
        run();
        assertThat(failure(trimmed).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }
}
