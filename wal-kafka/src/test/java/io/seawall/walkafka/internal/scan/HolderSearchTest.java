package io.seawall.walkafka.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.admin.LogHolder;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that the holder of a log is found in its committed records. */
class HolderSearchTest {
    private final FakePartition log = new FakePartition(new ManualTime());

    @Test
    void aLogThatWasNeverOpenedHasNoHolder() {
        log.committed("hello"); // a foreign record

        assertThat(holder()).isEmpty();
    }

    @Test
    void aClaimNamesItsNodeAndUrl() {
        claim(7, "n1", "http://n1:7070");

        assertThat(holder()).contains(new LogHolder(7, 0, "n1", "http://n1:7070"));
    }

    @Test
    void aNodeWithoutHttpHasNoUrl() {
        claim(7, "n1", null);

        assertThat(holder()).contains(new LogHolder(7, 0, "n1", null));
    }

    @Test
    void findsTheNameBehindManyRecords() {
        claim(7, "n1", null);
        fill(9_000);

        assertThat(holder()).contains(new LogHolder(7, 0, "n1", null));
    }

    @Test
    void reportsTheTermAloneIfTheNameIsTooFarBack() {
        claim(7, "n1", null);
        fill(100_001);

        assertThat(holder()).contains(new LogHolder(7, 0, null, null));
    }

    @Test
    void findsTheNameInASnapshotIfTheClaimWasTrimmed() {
        claim(7, "n1", null);
        fill(10);
        var start = log.end();
        snapshot(7, 10, "n1");
        fill(10);
        log.deleteBelow(start);

        assertThat(holder()).contains(new LogHolder(7, 0, "n1", null));
    }

    @Test
    void theHighestTermIsTheHolderNotTheLastRecord() {
        claim(9, "n9", null);
        claim(8, "n8", null); // void, since its stamp is lower

        assertThat(holder()).contains(new LogHolder(9, 0, "n9", null));
    }

    @Test
    void doesNotTakeTheNameOfAnEarlierOwner() {
        claim(7, "n7", null);
        log.committed("8.0/0"); // its claim and snapshot are gone
        claim(6, "n6", null);

        assertThat(holder()).contains(new LogHolder(8, 0, null, null));
    }

    @Test
    void ignoresAnAbortedClaim() {
        claim(7, "n7", null);
        log.aborted("8.0 claim");

        assertThat(holder()).map(LogHolder::term).contains(7L);
    }

    @Test
    void describesTheHolderInWords() {
        assertThat(new LogHolder(7, 0, "n1", "http://n1")).hasToString("term 7 held by node n1 at http://n1");
        assertThat(new LogHolder(7, 0, null, null)).hasToString("term 7");
    }

    private void claim(long term, String node, @Nullable String url) {
        var author = new ControlBody.Author(node, node + "/1", url);
        write(new WalHeader.Claim(new Stamp(term, 0)), new ControlBody.Claim(author, "x", 0, "id").toBytes());
    }

    private void snapshot(long term, long lsn, String node) {
        var author = new ControlBody.Author(node, node + "/1", null);
        write(
                new WalHeader.Snapshot(new Stamp(term, 0), lsn),
                new ControlBody.Snapshot(author, "x", 0).toBytes(List.of()));
    }

    private void write(WalHeader header, byte[] body) {
        log.committed(header, new String(body, StandardCharsets.UTF_8));
    }

    private void fill(int count) {
        log.committed(IntStream.range(0, count).mapToObj(lsn -> "7.0/" + lsn).toArray(String[]::new));
    }

    private Optional<LogHolder> holder() {
        var cursor = log.cursor(Isolation.COMMITTED);
        return Futures.joined(new HolderSearch(cursor, new LogScanner(cursor, () -> null)).find());
    }
}
