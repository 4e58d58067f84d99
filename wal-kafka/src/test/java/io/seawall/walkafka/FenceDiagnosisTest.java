package io.seawall.walkafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Record;
import io.seawall.wal.WalException;
import io.seawall.walkafka.FakeLog.FakeCursor;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an error of the fencing kind meant, and who holds a log. */
class FenceDiagnosisTest {
    private static final PChannel PCHANNEL = PChannel.parse("orders-3");
    private static final long GRACE_MS =
            WalSettings.defaults().timeouts().rivalGrace().toMillis();

    private final ManualTime time = new ManualTime();
    private final FakeLog log = new FakeLog(time);
    private final List<FakeCursor> cursors = new ArrayList<>();

    private CompletableFuture<WalException> diagnose() {
        LogCursors logCursors = (pchannel, isolation) -> {
            var cursor = log.cursor(isolation);
            cursors.add(cursor);
            return cursor;
        };
        var shared = new Shared(
                WalSettings.defaults(),
                NodeIdentity.withoutUrl("n1"),
                true,
                new Ports(
                        (pchannel, lane) -> log.lane(lane),
                        logCursors,
                        logCursors,
                        topic -> CompletableFuture.failedFuture(new IllegalStateException("not asked for")),
                        new Ports.Platform(time, new Random(1), Runnable::run, Runnable::run)));
        return new FenceDiagnosis(PCHANNEL, new Stamp(7, 0), shared).run();
    }

    /** Commits a claim as another node would. */
    private void claimBy(String node, String url, Stamp stamp) {
        var author = new ControlBody.Author(node, node + "/1", url);
        var body = new ControlBody.Claim(author, "nonce-of-" + node, time.wallMs(), "topic-id").toBytes();
        var lane = log.lane(Lane.A);
        lane.init().join();
        lane.begin();
        lane.send(
                WalHeaderCodec.outgoing(new WalHeader.Claim(stamp), time.wallMs(), new Record(null, body, List.of())),
                (offset, fault) -> assertThat(fault).isNull());
        lane.commit().join();
    }

    @Test
    void aHigherClaimIsARivalThatIsNamed() {
        log.committed("7.0/0 snapshot", "7.0/0");
        claimBy("n2", "http://n2:7070", new Stamp(8, 0));

        var reason = diagnose();
        time.advance(GRACE_MS);

        assertThat(reason.join().code()).isEqualTo(ErrorCode.FENCED);
        assertThat(reason.join()).hasMessageContaining("term 8 held by node n2 at http://n2:7070");
        assertThat(reason.join().problem().numbers()).containsEntry("term", 8L);
    }

    @Test
    void aRivalThatClaimsALittleLaterIsWaitedFor() {
        log.committed("7.0/0 snapshot", "7.0/0");

        var reason = diagnose();
        time.advance(2 * GRACE_MS);
        assertThat(reason).isNotDone();
        claimBy("n2", "http://n2:7070", new Stamp(8, 0));
        time.advance(GRACE_MS);

        assertThat(reason.join().code()).isEqualTo(ErrorCode.FENCED);
    }

    @Test
    void withoutAHigherTermNobodyIsAccused() {
        log.committed("7.0/0 snapshot", "7.0/0");

        var reason = diagnose();
        time.advance(20 * GRACE_MS);

        assertThat(reason.join().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(reason.join()).hasMessageContaining("no higher term in the log");
        assertThat(cursors).allMatch(cursor -> cursor.closes() == 1);
    }

    @Test
    void aClaimThatIsNotCommittedIsNoRival() {
        log.committed("7.0/0 snapshot", "7.0/0");
        log.open("9.0 claim");

        var reason = diagnose();
        time.advance(20 * GRACE_MS);

        assertThat(reason.join().code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    private Optional<KafkaWals.Holder> holder() {
        var cursor = log.cursor(Isolation.COMMITTED).inSteps(3);
        return new HolderSearch(cursor, new LogScanner(cursor, () -> null))
                .find()
                .join();
    }

    @Test
    void nobodyHoldsALogThatWasNeverOpened() {
        assertThat(holder()).isEmpty();
    }

    @Test
    void theHolderIsNamedFromItsClaimFarBelowItsRecords() {
        claimBy("n2", "http://n2:7070", new Stamp(8, 0));
        for (var lsn = 0; lsn < 5_000; lsn++) {
            log.committed("8.0/" + lsn);
        }

        assertThat(holder()).contains(new KafkaWals.Holder(8, 0, "n2", "http://n2:7070"));
    }

    @Test
    void aLowerClaimAboveIsALosersAndHoldsNothing() {
        claimBy("n2", "http://n2:7070", new Stamp(8, 0));
        log.committed("8.0/0 snapshot", "8.0/0");
        claimBy("n1", "http://n1:7070", new Stamp(7, 3));

        assertThat(holder()).map(KafkaWals.Holder::term).contains(8L);
    }
}
