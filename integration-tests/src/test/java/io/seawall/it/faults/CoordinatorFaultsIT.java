package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.get;
import static io.seawall.it.faults.FaultyKafka.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.KafkaWals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The transaction coordinator does not answer and no other broker takes over: its broker is stopped but counts as alive. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class CoordinatorFaultsIT {
    /** Shorter than the session timeout after which the controller would move the coordinator. */
    private static final Duration STOPPED = Duration.ofSeconds(50);

    private static final Duration BEFORE_TAKEOVER = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final TopicPartition COORDINATED = new TopicPartition("__transaction_state", 0);
    private static final long ROLL_BYTES = 256 * 1024;
    private static final long CAP_BYTES = 2 * 1024 * 1024;
    private static final int RECORD_BYTES = 1024;
    private static final int PER_SECOND = 500;

    private static FaultyKafka kafka;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(
                3,
                brokers -> brokers.property("transaction.state.log.num.partitions", "1")
                        .property("broker.session.timeout.ms", "90000"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void aTakeoverWithoutItsCoordinatorFindsABoundedTailAndOpensWhenItIsBack() {
        var first = kafka.throughProxy("first", QuickSettings.capped(ROLL_BYTES, CAP_BYTES));
        var second = kafka.throughProxy("second", QuickSettings.openingWithin(Duration.ofSeconds(15)));
        var coordinator = moveCoordinatorAwayFromController(first);
        var appends = new Appends(ledByAnother(first, coordinator));
        var old = open(first, appends.pchannel(), 1);
        var owner = new AtomicReference<>(old);
        try (var load = new WalLoad(appends, PER_SECOND, RECORD_BYTES, () -> Objects.requireNonNull(owner.get()))) {
            load.awaitAcknowledged(PER_SECOND);
            kafka.broker(coordinator).pause();
            var stopped = System.nanoTime();
            var largest = largestTail(old, BEFORE_TAKEOVER);
            assertThat(largest)
                    .as("uncommitted records without the coordinator")
                    .isBetween(CAP_BYTES / 2, CAP_BYTES + ROLL_BYTES);
            var opening = CompletableFuture.supplyAsync(() -> openAtLast(second, appends.pchannel()));
            awaitElapsed(stopped, STOPPED);
            assertThat(opening).as("an opening without the coordinator").isNotDone();

            kafka.broker(coordinator).resume();

            var successor = opening.join();
            owner.set(successor);
            load.awaitAcknowledged(PER_SECOND);
            load.stop();
            successor.close();
        }
        assertThat(old.ended().join().code()).isEqualTo(ErrorCode.FENCED);
        Verdict.of(kafka, appends);
        assertThat(republishedBytes(appends.pchannel()))
                .as("records that the successor wrote again")
                .isBetween(1L, CAP_BYTES + ROLL_BYTES);
    }

    /**
     * Moves the coordinator of all lanes to a broker that is not the active controller, so that the cluster works without
     * it. Returns the broker's id.
     */
    private static int moveCoordinatorAwayFromController(KafkaWals node) {
        open(node, kafka.create(node, "makes-the-coordinator"), 1).close();
        var controller = kafka.controller();
        var wanted = (controller + 1) % 3;
        var replicas = List.of(wanted, (controller + 2) % 3, controller);
        get(kafka.admin()
                .alterPartitionReassignments(Map.of(COORDINATED, Optional.of(new NewPartitionReassignment(replicas))))
                .all());
        Awaitility.await("the coordinator has moved").atMost(SOON).until(() -> {
            get(kafka.admin()
                    .electLeaders(ElectionType.PREFERRED, Set.of(COORDINATED))
                    .partitions());
            return kafka.describe(COORDINATED).leader().id() == wanted;
        });
        return wanted;
    }

    private static PChannel ledByAnother(KafkaWals node, int coordinator) {
        for (var number = 0; number < 30; number++) {
            var pchannel = kafka.create(node, "led-by-another-" + number);
            if (kafka.leader(pchannel) != coordinator) {
                return pchannel;
            }
        }
        throw new IllegalStateException("broker " + coordinator + " leads every topic");
    }

    /** Returns the most bytes of records that were acknowledged and not committed, over a time. */
    private static long largestTail(FlushableWal wal, Duration time) {
        var largest = new AtomicLong();
        var from = System.nanoTime();
        Awaitility.await("the tail grows")
                .atMost(time.plus(SOON))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    largest.accumulateAndGet((wal.tail() - wal.committed()) * RECORD_BYTES, Math::max);
                    return System.nanoTime() - from > time.toNanos();
                });
        return largest.get();
    }

    private static void awaitElapsed(long fromNanos, Duration time) {
        Awaitility.await("the fault lasts")
                .atMost(time.plus(SOON))
                .until(() -> System.nanoTime() - fromNanos > time.toNanos());
    }

    /** Opens a log; tries the next term each time that an opening times out. */
    private static FlushableWal openAtLast(KafkaWals node, PChannel pchannel) {
        for (var term = 2L; term < 20; term++) {
            try {
                return open(node, pchannel, term);
            } catch (WalException error) {
                assertThat(error.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.TERM_EXPIRED);
            }
        }
        throw new IllegalStateException("no opening succeeded");
    }

    private static long republishedBytes(PChannel pchannel) {
        return Verdict.raw(kafka, pchannel, "read_committed").stream()
                .filter(record -> record.wal().contains("@"))
                .mapToLong(record -> record.value().length)
                .sum();
    }
}
