package io.seawall.walkafka.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import io.seawall.walkafka.internal.format.WriterSession;
import io.seawall.walkafka.internal.format.WriterSession.Written;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.settings.WalSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests which writer sessions a search finds in the committed view of a log. */
class SessionSearchTest {
    private static final WriterSessions.Bounds BOUNDS = WriterSessions.Bounds.of(WalSettings.defaults());

    private final ManualTime time = new ManualTime();
    private final FakePartition log = new FakePartition(time);
    private final FakePartition.FakeCursor cursor = log.cursor(Isolation.COMMITTED);

    @Test
    void aLogWithoutSessionsHasNone() {
        log.committed("6.0 claim", "6.0/0 snapshot", "6.0/0", "6.0/1");

        assertThat(found()).isEmpty();
    }

    @Test
    void anEmptyLogHasNoSessions() {
        assertThat(found()).isEmpty();
    }

    @Test
    void addsTheBatchesBehindTheSnapshot() {
        log.committed("6.0/0 snapshot", "6.0/0 by w/0", "6.0/1+1 by v/0", "6.0/2+0 by v/0", "6.0/3 by w/1", "6.0/4");

        assertThat(found())
                .containsExactly(
                        session("v", 0, new Written(6, 1, 2)),
                        session("w", 1, new Written(6, 0, 1), new Written(6, 3, 1)));
    }

    @Test
    void startsFromTheSessionsOfTheLastSnapshot() {
        log.committed("6.0/0 snapshot", "6.0/0 by w/0");
        snapshot("6.0/9 snapshot", List.of(session("v", 4, new Written(5, 7, 2))));
        log.committed("6.0/9 by v/5");

        assertThat(found()).containsExactly(session("v", 5, new Written(5, 7, 2), new Written(6, 9, 1)));
    }

    @Test
    void aCopyKeepsTheTermThatWroteItFirst() {
        log.committed("6.0/0 snapshot");
        log.aborted("6.0/0+1 by w/0", "6.0/1+0 by w/0");
        log.committed("7.0 claim");
        log.committed("7.0/0+1@6 by w/0", "7.0/1+0@6 by w/0");

        assertThat(found()).containsExactly(session("w", 0, new Written(6, 0, 2)));
    }

    @Test
    void usesTheSnapshotThatALeaseNames() {
        snapshot("6.0/0 snapshot", List.of(session("v", 4, new Written(5, 0, 2))));
        fill(0, 3_000);
        lease(0);
        log.committed("6.0/3000 by v/5");
        var before = cursor.fetches();

        assertThat(found()).containsExactly(session("v", 5, new Written(5, 0, 2), new Written(6, 3_000, 1)));

        assertThat(cursor.fetches() - before).as("no steps back").isLessThan(6);
    }

    @Test
    void withoutALeaseItStepsBackToTheSnapshot() {
        snapshot("6.0/0 snapshot", List.of(session("v", 4, new Written(5, 0, 2))));
        fill(0, 5_000);
        log.committed("6.0/5000 by v/5");

        assertThat(found()).containsExactly(session("v", 5, new Written(5, 0, 2), new Written(6, 5_000, 1)));
    }

    @Test
    void ignoresALeaseThatNamesAnotherRecord() {
        snapshot("6.0/0 snapshot", List.of(session("v", 4, new Written(5, 0, 2))));
        fill(0, 20);
        lease(7);
        log.committed("6.0/20 by v/5");

        assertThat(found()).containsExactly(session("v", 5, new Written(5, 0, 2), new Written(6, 20, 1)));
    }

    @Test
    void ignoresALeaseWhoseSnapshotWasTrimmed() {
        log.committed("6.0/0 snapshot");
        fill(0, 20);
        snapshot("6.0/20 snapshot", List.of(session("v", 4, new Written(5, 7, 2))));
        fill(20, 40);
        lease(0);
        log.committed("6.0/40 by v/5");
        log.deleteBelow(4);

        assertThat(found()).containsExactly(session("v", 5, new Written(5, 7, 2), new Written(6, 40, 1)));
    }

    @Test
    void refusesASnapshotOfALaterFormat() {
        log.committed(new WalHeader.Snapshot(new Stamp(6, 0), 0), "{\"format\":2}");
        log.committed("6.0/0 by w/0");

        assertThatThrownBy(this::found).hasMessageContaining("format 2 at offset 0");
    }

    @Test
    void refusesASnapshotThatCannotBeRead() {
        var transaction = new FakePartition.Transaction();
        var body = WalRecord.of("{\"writers\":[[7]]}".getBytes(StandardCharsets.UTF_8));
        log.append(transaction, new Outgoing("6.0/0 snapshot".getBytes(StandardCharsets.US_ASCII), null, 0, body));
        log.end(transaction, true);

        assertThatThrownBy(this::found)
                .hasMessageContaining("snapshot at offset 0")
                .hasMessageContaining("the version that wrote it");
    }

    private void fill(int from, int to) {
        for (var lsn = from; lsn < to; lsn++) {
            log.committed("6.0/" + lsn);
        }
    }

    private void lease(long snapshotOffset) {
        var transaction = new FakePartition.Transaction();
        var body = new WalRecord(null, ControlBody.lease(snapshotOffset), List.of());
        log.append(transaction, WalHeaderCodec.outgoing(new WalHeader.Lease(new Stamp(6, 0)), time.wallMs(), body));
        log.end(transaction, true);
    }

    private void snapshot(String header, List<WriterSession> sessions) {
        var transaction = new FakePartition.Transaction();
        var body = new ControlBody.Snapshot(new ControlBody.Author("n", "n/1", null), "x", 0).toBytes(sessions);
        var bytes = header.getBytes(StandardCharsets.US_ASCII);
        log.append(transaction, new Outgoing(bytes, null, time.wallMs(), WalRecord.of(body)));
        log.end(transaction, true);
    }

    private WriterSession session(String id, long seq, Written... batches) {
        return new WriterSession(id, seq, time.wallMs(), List.of(batches));
    }

    private List<WriterSession> found() {
        var scanner = new LogScanner(cursor, () -> null);
        var window = Futures.joined(scanner.lastWindow(Set.of()));
        var search =
                new SessionSearch("open orders-0", new PChannel("orders", 0), scanner, BOUNDS, Owners.Known.NOTHING);
        return Futures.joined(search.find(window)).sessions().sessions();
    }
}
