package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.get;
import static io.seawall.it.faults.FaultyKafka.open;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.FrameFault;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.View;
import io.seawall.walkafka.settings.WalSettings.Ack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Kafka's transactions do to an owner that did nothing wrong: T4, T6, T16, T20 of docs/faults.md. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class TransactionFaultsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> LANES = List.of("a", "b");

    private static FaultyKafka kafka;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(
                1, brokers -> brokers.property("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /** Leaves only this many epochs to the lanes. */
    private static void age(PChannel pchannel, int epochsLeft) {
        var ids = LANES.stream()
                .map(lane -> FaultyKafka.transactionalId(pchannel, lane))
                .toList();
        get(kafka.admin().fenceProducers(ids).all()); // waits until their coordinator is there
        ids.parallelStream().forEach(id -> IdAging.age(kafka.broker(0).port(), id, IdAging.LAST_EPOCH - epochsLeft));
    }

    private static List<Long> producerIds(PChannel pchannel) {
        return LANES.stream()
                .map(lane -> kafka.transaction(pchannel, lane).producerId())
                .toList();
    }

    /** T20, first part. */
    @Test
    void bothLanesGetNewProducerIdsAndNobodyNotices() {
        var wals = kafka.throughProxy("rotated", QuickSettings.rolling(Duration.ofMillis(20)));
        var pchannel = kafka.create(wals, "rotation");
        var appends = new Appends(pchannel);
        age(pchannel, 20);
        try (var wal = open(wals, pchannel, 1)) {
            var before = producerIds(pchannel);
            try (var load = new WalLoad(appends, 500, () -> wal)) {
                Awaitility.await("both lanes have another producer id")
                        .atMost(SOON)
                        .until(() -> producerIds(pchannel).stream().noneMatch(before::contains));
                load.awaitAcknowledged(200);
            }
            assertThat(wal.epoch()).as("recoveries").isZero();
            assertThat(wal.ended()).isNotDone();
        }
        assertThat(appends.history().refusedCount() + appends.history().unknownCount())
                .isZero();
        Verdict.of(kafka, appends);
    }

    /** T20, second part: transactions time out while the epochs run out. */
    @Test
    void timeoutsAtTheEndOfTheEpochsAreRecoveredFrom() {
        var lowered = kafka.lowerTransactionTimeout(Duration.ofMillis(500), "timed-out");
        var wals = kafka.throughProxy("timed-out", QuickSettings.rolling(Duration.ofMinutes(5)));
        var pchannel = kafka.create(wals, "timeouts");
        var appends = new Appends(pchannel);
        age(pchannel, 10);
        try (var wal = open(wals, pchannel, 1)) {
            var before = producerIds(pchannel).get(0);
            for (var round = 0; producerIds(pchannel).get(0).equals(before) || round < 3; round++) {
                appends.appendEach(wal, "round" + round + "-", 3);
                awaitAbort(pchannel);
                assertThat(round).as("rounds without another producer id").isLessThan(20);
            }
            appends.appendEach(wal, "end", 3);
            assertThat(wal.term()).isEqualTo(1);
            assertThat(wal.epoch()).as("recoveries").isGreaterThanOrEqualTo(3);
        } finally {
            kafka.proxy().remove(lowered);
        }
        assertThat(appends.history().refusedCount() + appends.history().unknownCount())
                .isZero();
        Verdict.of(kafka, appends);
    }

    /** Waits until the coordinator has aborted the transaction of lane A. */
    private static void awaitAbort(PChannel pchannel) {
        Awaitility.await("the coordinator aborts the lease")
                .atMost(SOON)
                .until(() -> kafka.transaction(pchannel, "a").state() == TransactionState.COMPLETE_ABORT);
    }

    /** T4: the commit is done and its answer lost, and a successor is there before the commit is requested again. */
    @Test
    void anAppendWhoseCommitWasNotAnsweredIsResolvedByTheLog() {
        var wals = kafka.throughProxy("unanswered", QuickSettings.acknowledging(Ack.COMMITTED));
        var successor = kafka.directly("successor");
        var pchannel = kafka.create(wals, "commit-answer");
        var appends = new Appends(pchannel);
        try (var old = open(wals, pchannel, 1)) {
            appends.appendEach(old, "before", 5);
            var answer = kafka.proxy()
                    .plant(FrameFault.hold(Direction.ANSWER, ApiKeys.END_TXN).ofClient("unanswered"));
            var append = appends.append(old, "unanswered");
            answer.awaitStruck(SOON);
            var again = kafka.proxy()
                    .plant(FrameFault.hold(Direction.REQUEST, ApiKeys.END_TXN).ofClient("unanswered"));
            answer.disconnectClient();
            again.awaitStruck(SOON);
            try (var wal = open(successor, pchannel, 2)) {
                appends.appendEach(wal, "after", 5);

                again.release();

                assertThat(old.ended()
                                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                                .join()
                                .code())
                        .isEqualTo(ErrorCode.FENCED);
                assertThat(append.join().first())
                        .as("committed, regardless of the answer to the commit")
                        .isEqualTo(5);
            }
        }
        assertThat(Verdict.of(kafka, appends)).hasSize(11);
        assertThat(Verdict.raw(kafka, pchannel, "read_uncommitted"))
                .as("committed records are not written again")
                .noneMatch(record -> record.wal().contains("@"));
    }

    /** T6: a late copy of the owner's own initialization fences its transactional id. */
    @Test
    void anOwnerThatFencedItselfGoesOn() {
        var wals = kafka.throughProxy("self-fenced");
        var pchannel = kafka.create(wals, "self-fence");
        var appends = new Appends(pchannel);
        var copy =
                kafka.proxy().plant(FrameFault.repeat(ApiKeys.INIT_PRODUCER_ID).ofClient(pchannel + "-a"));
        var late = kafka.proxy()
                .plant(FrameFault.hold(Direction.REQUEST, ApiKeys.INIT_PRODUCER_ID)
                        .ofClient(pchannel + "-b"));
        try (var wal = open(wals, pchannel, 1)) {
            assertThat(late.hasStruck())
                    .as("the initialization of lane b was asked for twice")
                    .isTrue();
            fenceItself(wal, appends, copy, 1);
            fenceItself(wal, appends, late, 2);
            assertThat(wal.term()).isEqualTo(1);
        }
        assertThat(appends.history().refusedCount() + appends.history().unknownCount())
                .isZero();
        Verdict.of(kafka, appends);
    }

    /** Releases the late request when no transaction is about to end, because the coordinator would answer it with "later". */
    private static void fenceItself(FlushableWal wal, Appends appends, FrameFault request, long epoch) {
        appends.appendEach(wal, "epoch" + epoch + "-before-", 5);
        wal.commit().join();
        Awaitility.await("both lanes are at rest")
                .atMost(SOON)
                .until(() -> LANES.stream()
                        .map(lane -> kafka.transaction(appends.pchannel(), lane).state())
                        .noneMatch(state -> state == TransactionState.ONGOING
                                || state == TransactionState.PREPARE_COMMIT
                                || state == TransactionState.PREPARE_ABORT));
        request.release();
        var number = new AtomicInteger();
        Awaitility.await("recovered in place").atMost(SOON).until(() -> {
            appends.append(wal, "epoch" + epoch + "-" + number.getAndIncrement())
                    .join();
            return wal.epoch() >= epoch;
        });
    }

    /** T16. */
    @Test
    void anOwnerPausedBeyondItsTransactionTimeoutKeepsItsTermAndItsRecords(@TempDir Path folder) {
        var lowered = kafka.lowerTransactionTimeout(Duration.ofSeconds(2), "paused");
        var pchannel = kafka.create(kafka.throughProxy("paused-topics"), "paused");
        var history = new History();
        var settings = Spec.of(
                "paused",
                kafka.proxy().bootstrapServers(),
                folder,
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "flush.enabled=false",
                "wal.roll.ms=30000");
        try (var node = NodeProcess.start(settings)) {
            assertThat(node.api().assign(pchannel, 1).status()).isEqualTo(200);
            append(node, pchannel, history, "before", 10);
            node.pause();
            awaitAbort(pchannel);
            assertThat(kafka.readers().bounds(pchannel, View.COMMITTED).tail())
                    .as("acknowledged records that are aborted for now")
                    .isZero();
            node.resume();

            append(node, pchannel, history, "after", 10);

            var status = node.api().get("/v1/pchannels/" + pchannel).body();
            assertThat(status.path("term").asLong()).isEqualTo(1);
            assertThat(status.path("epoch").asLong()).as("recovered in place").isPositive();
        } finally {
            kafka.proxy().remove(lowered);
        }
        assertThat(Verdict.of(kafka, pchannel, history)).hasSize(20);
    }

    private static void append(NodeProcess node, PChannel pchannel, History history, String name, int count) {
        for (var number = 0; number < count; number++) {
            var answer =
                    node.api().append(pchannel, (name + number).getBytes(UTF_8)).join();
            assertThat(answer.isOk()).as("%s: %s", name + number, answer).isTrue();
            history.acknowledged(pchannel, answer.body().path("first").asLong(), name + number);
        }
    }
}
