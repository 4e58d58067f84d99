package io.seawall.walkafka.internal.write;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests an append that fails each time that it is sent, although recoveries work and other appends are accepted. */
class FailingAppendTest {
    private static final String POISON = "poison";
    private static final Duration RECOVER = WalSettings.defaults().timeouts().recover();

    private final FakeKafka kafka = new FakeKafka(WalSettings.defaults());
    private final ManualTime time = kafka.time();
    private final KafkaWal wal = kafka.open(7);

    private void poisonFailsWith(LaneFault.Kind kind) {
        kafka.everyLane(lane -> lane.refusesValue(POISON).refusesWith(kind));
        kafka.lanes().forEach(lane -> lane.refusesValue(POISON).refusesWith(kind));
    }

    private CompletableFuture<Appended> append(String value) {
        return wal.append(List.of(record(value)));
    }

    /** Appends more than one produce batch holds. A lease record is sent in front of it, and is acknowledged each time. */
    private CompletableFuture<Appended> appendBehindALease() {
        return wal.append(List.of(record("x".repeat(100_000)), record(POISON)));
    }

    private void passSeconds(long seconds) {
        for (var second = 0; second < seconds && !wal.ended().isDone(); second++) {
            time.advance(1_000);
        }
    }

    @Test
    void theLogEndsInTimeThoughLeasesAreAcknowledged() {
        append("a").join();
        poisonFailsWith(LaneFault.Kind.UNAVAILABLE);
        var poison = appendBehindALease();
        var startMs = time.elapsedMs();

        passSeconds(3_600);

        assertThat(wal.epoch()).as("recoveries").isLessThan(200);
        assertThat(wal.ended()).as("the log, an hour later").isDone();
        assertThat(Duration.ofMillis(time.elapsedMs() - startMs)).isLessThanOrEqualTo(RECOVER.plusSeconds(10));
        assertThat(wal.ended().join().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(wal.ended().join())
                .hasMessageContaining("LSN 1")
                .hasMessageContaining("planted")
                .hasMessageContaining("wal.recover.timeout.ms");
        assertThat(failure(poison).effect())
                .as("the log shows that it is not written")
                .isEqualTo(Effect.NONE);
        assertThat(kafka.lanes()).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void theLogEndsInTimeThoughAppendsKeepComing() {
        poisonFailsWith(LaneFault.Kind.UNAVAILABLE);
        var poison = appendBehindALease();
        var behind = new ArrayList<CompletableFuture<Appended>>();
        for (var second = 0; second < 3_600 && !wal.ended().isDone(); second++) {
            behind.add(append("behind" + second));
            var unused = wal.checkTail(); // sends a lease record if the queue is empty
            time.advance(1_000);
        }

        assertThat(wal.ended()).as("the log, an hour later").isDone();
        assertThat(failure(poison).effect()).isEqualTo(Effect.NONE);
        assertThat(behind).allSatisfy(each -> assertThat(failure(each).effect()).isEqualTo(Effect.NONE));
    }

    @Test
    void anAppendThatIsAcceptedAtLastResetsTheTimeForRecoveries() {
        poisonFailsWith(LaneFault.Kind.UNAVAILABLE);
        var late = appendBehindALease();
        passSeconds(RECOVER.toSeconds() - 20);
        kafka.everyLane(lane -> lane);
        passSeconds(20);
        assertThat(late.join()).isEqualTo(new Appended(7, 0, 1));

        poisonFailsWith(LaneFault.Kind.UNAVAILABLE);
        var again = appendBehindALease();
        passSeconds(RECOVER.toSeconds() - 20);

        assertThat(wal.ended()).as("its own time has not passed").isNotDone();
        assertThat(again).isNotDone();
    }

    @Test
    void aRefusedAppendFailsAlone() {
        append("a").join();
        poisonFailsWith(LaneFault.Kind.REFUSED);
        var poison = append(POISON);
        var behind = append("b");

        passSeconds(10);

        assertThat(failure(poison).code()).isEqualTo(ErrorCode.INVALID);
        assertThat(failure(poison).effect()).isEqualTo(Effect.NONE);
        assertThat(failure(poison)).hasMessageContaining("planted");
        assertThat(behind.join()).as("no hole").isEqualTo(new Appended(7, 1, 1));
        assertThat(append("c").join()).isEqualTo(new Appended(7, 2, 2));
        assertThat(wal.ended()).isNotDone();
    }

    /** Kafka may refuse a whole batch of the producer for one record in it. */
    @Test
    void anAppendThatIsRefusedWithAnotherOnesBatchIsWritten() {
        append("a").join();
        lane(0).holdsAcks()
                .refuses(header -> true)
                .refusesWith(LaneFault.Kind.REFUSED)
                .refusesLater();
        var before = append("b");
        var poison = append(POISON);
        var behind = append("c");
        kafka.everyLane(lane -> lane.refusesValue(POISON).refusesWith(LaneFault.Kind.REFUSED));

        lane(0).acknowledgeAll();
        passSeconds(10);

        assertThat(before.join()).isEqualTo(new Appended(7, 1, 1));
        assertThat(failure(poison).code()).isEqualTo(ErrorCode.INVALID);
        assertThat(behind.join()).isEqualTo(new Appended(7, 2, 2));
    }

    @Test
    void manyRefusedAppendsOneAfterTheOtherTakeNoTime() {
        poisonFailsWith(LaneFault.Kind.REFUSED);
        var startMs = time.elapsedMs();
        for (var round = 0; round < 300; round++) {
            var poison = append(POISON);
            var good = append("good" + round);
            time.advance(10);
            assertThat(failure(poison).code()).isEqualTo(ErrorCode.INVALID);
            assertThat(good.join().first()).isEqualTo(round);
        }

        assertThat(time.elapsedMs() - startMs).isLessThan(RECOVER.toMillis());
        assertThat(wal.ended()).isNotDone();
    }

    /** A topic that was made compacted refuses them, because control records have no key. */
    @Test
    void aBrokerThatRefusesLeaseRecordsEndsTheLogInTime() {
        append("a").join();
        passSeconds(5); // the next append begins a lease
        kafka.everyLane(lane ->
                lane.refuses(header -> header.kind() == WalHeader.Kind.LEASE).refusesWith(LaneFault.Kind.REFUSED));
        kafka.lanes()
                .forEach(lane -> lane.refuses(header -> header.kind() == WalHeader.Kind.LEASE)
                        .refusesWith(LaneFault.Kind.REFUSED));
        var large = appendBehindALease();

        passSeconds(3_600);

        assertThat(wal.epoch()).as("recoveries").isLessThan(200);
        assertThat(wal.ended()).as("the log, an hour later").isDone();
        assertThat(large).isCompletedExceptionally();
    }

    private FakeLane lane(int index) {
        return kafka.lanes().get(index);
    }
}
