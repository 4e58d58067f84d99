package io.seawall.it;

import static io.seawall.it.FaultyKafka.get;
import static io.seawall.it.FaultyKafka.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Kafka's transactions do to an owner that did nothing wrong: facts on Kafka, T4, T6, T16, T20. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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

    /** Leaves the lanes with so few epochs. */
    private static void age(PChannel pchannel, int epochsLeft) {
        var ids = LANES.stream()
                .map(lane -> FaultyKafka.transactionalId(pchannel, lane))
                .toList();
        get(kafka.admin().fenceProducers(ids).all()); // waits for their coordinator to be there
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
        var wals = kafka.throughProxy("rotated", FaultyKafka.quick(Duration.ofMillis(20)));
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
            assertThat(wal.epoch()).as("nothing had to be recovered").isZero();
            assertThat(wal.ended()).isNotDone();
        }
        assertThat(appends.history().refusedCount() + appends.history().unknownCount())
                .isZero();
        Verdict.of(kafka, appends);
    }
}
