package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A topic is deleted under logs that are written to. Their bound is below the 30 s for which Kafka's producer would block a thread
 * (max.block.ms), or try a batch again (delivery.timeout.ms).
 */
@Tag("full")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TopicDeletedIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LOGS = 4;
    private static final int PER_SECOND = 40;

    private static FaultyKafka kafka;
    private static KafkaWals node;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(1, UnaryOperator.identity());
        node = kafka.directly("node");
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static List<Appends> create(String topic) {
        node.topics().create(TopicSpec.of(topic, LOGS));
        return IntStream.range(0, LOGS)
                .mapToObj(number -> new Appends(new PChannel(topic, number)))
                .toList();
    }

    private static void awaitEnds(List<? extends Wal> wals, long fromNanos) {
        Awaitility.await("the logs have ended")
                .atMost(SOON)
                .until(() -> wals.stream().allMatch(wal -> wal.ended().isDone()));
        System.out.println("all logs ended " + millisSince(fromNanos) + " ms after their topic was deleted");
        assertThat(wals)
                .extracting(wal -> wal.ended().join().code())
                .as("why the logs ended")
                .containsOnly(ErrorCode.NOT_FOUND);
    }

    private static long millisSince(long fromNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - fromNanos);
    }

    @Test
    void appendsThatKeepComingEndSoonAndHoldUpNoOtherLog() {
        var logs = create("offered");
        var other = new Appends(kafka.create(node, "other"));
        var wals = logs.stream().map(log -> open(node, log.pchannel(), 1)).toList();
        var loads = new ArrayList<WalLoad>();
        try (var healthy = open(node, other.pchannel(), 1)) {
            for (var number = 0; number < LOGS; number++) {
                var wal = wals.get(number);
                loads.add(new WalLoad(logs.get(number), PER_SECOND, () -> wal));
            }
            loads.forEach(load -> load.awaitAcknowledged(PER_SECOND));

            node.topics().delete("offered");

            var deleted = System.nanoTime();
            other.append(healthy, "meanwhile")
                    .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                    .join();
            System.out.println("another log's append took " + millisSince(deleted) + " ms");
            awaitEnds(wals, deleted);
            loads.forEach(WalLoad::stop);
            System.out.println("all appends answered after " + millisSince(deleted) + " ms: "
                    + logs.stream().map(log -> log.history().unknownCount()).toList() + " unknown, "
                    + logs.stream().map(log -> log.history().refusedCount()).toList() + " refused");
            assertThat(healthy.ended()).isNotDone();
        } finally {
            wals.forEach(Wal::close);
        }
    }

    @Test
    void appendsThatAreWaitedForEndSoonThoughNothingMoreIsSent() {
        var logs = create("awaited");
        var wals = logs.stream().map(log -> open(node, log.pchannel(), 1)).toList();
        var callers = new ArrayList<CompletableFuture<Void>>();
        for (var number = 0; number < LOGS; number++) {
            for (var caller = 0; caller < 2; caller++) {
                var log = logs.get(number);
                var wal = wals.get(number);
                var name = log.pchannel() + "-" + caller + "-";
                callers.add(new Caller(log, wal, name).start());
            }
        }
        Awaitility.await("all logs have records")
                .atMost(SOON)
                .until(() -> wals.stream().allMatch(wal -> wal.tail() > PER_SECOND));

        node.topics().delete("awaited");

        var deleted = System.nanoTime();
        awaitEnds(wals, deleted);
        CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new))
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
        System.out.println("all callers answered after " + millisSince(deleted) + " ms");
        wals.forEach(Wal::close);
    }

    /** Appends one value after the other, each behind the answer to the one before, until one is refused. */
    private record Caller(Appends appends, Wal wal, String name) {
        CompletableFuture<Void> start() {
            return append(0);
        }

        private CompletableFuture<Void> append(int number) {
            return appends.append(wal, name + number)
                    .handle((appended, error) -> error)
                    .thenComposeAsync(
                            error -> error == null ? append(number + 1) : CompletableFuture.completedFuture(null));
        }
    }

    @Test
    void aLogUnderLoadClosesSoon() {
        var logs = create("closed");
        var wals = logs.stream().map(log -> open(node, log.pchannel(), 1)).toList();
        var loads = new ArrayList<WalLoad>();
        for (var number = 0; number < LOGS; number++) {
            var wal = wals.get(number);
            loads.add(new WalLoad(logs.get(number), PER_SECOND, () -> wal));
        }
        loads.forEach(load -> load.awaitAcknowledged(PER_SECOND));
        node.topics().delete("closed");
        var deleted = System.nanoTime();

        var closes =
                wals.stream().map(wal -> CompletableFuture.runAsync(wal::close)).toList();

        assertThat(CompletableFuture.allOf(closes.toArray(CompletableFuture[]::new)))
                .as("closing the logs")
                .succeedsWithin(SOON);
        System.out.println("closed " + millisSince(deleted) + " ms after the topic was deleted");
        loads.forEach(WalLoad::stop);
        System.out.println("all appends answered after " + millisSince(deleted) + " ms");
    }
}
