package io.seawall.walkafka.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how many fetches a search for an LSN takes in a long log, and which positions it remembers. */
class LsnSearchTest {
    private static final int STRETCH = 100;

    private final ManualTime time = new ManualTime();
    private final FakePartition log = new FakePartition(time);
    private final LsnIndex index = new LsnIndex();
    private int nextLsn;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 777, 30_000, 123_456, 199_999})
    void findsAnLsnInALongEvenLogWithAFewProbes(long lsn) {
        dense(200_000);
        var before = log.fetches();

        var found = find(lsn);

        assertThat(lsn - found.lsn()).isBetween(0L, LsnSearch.CLOSE_ENOUGH);
        assertThat(log.fetches() - before).as("a binary search takes 8").isLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 49_999, 50_500, 50_990})
    void anUnevenLogCostsAtMostTwiceWhatABinarySearchCosts(long lsn) {
        dense(50_000);
        sparse(1_000, 100); // twice the offsets for a fiftieth of the records
        var before = log.fetches();

        var found = find(lsn);

        assertThat(found.lsn()).isLessThanOrEqualTo(lsn);
        assertThat(log.fetches() - before).isLessThanOrEqualTo(16);
    }

    @Test
    void aSearchUsesThePositionsThatEarlierOnesFound() {
        dense(200_000);
        find(100_000);
        var before = log.fetches();

        var found = find(100_400);

        assertThat(100_400 - found.lsn()).isBetween(0L, LsnSearch.CLOSE_ENOUGH);
        assertThat(log.fetches() - before).isZero();
    }

    @Test
    void remembersNeitherCopiesNorSnapshotsNorTrimmedRecords() {
        log.committed("1.0/0 snapshot", "1.0/0", "2.0/1@1", "2.0/2");
        log.entries(Isolation.COMMITTED).forEach(index::add);

        assertThat(index.size()).isEqualTo(2);
        assertThat(index.atOrBelow(1)).isEqualTo(new KnownLsn(0, 1, false));
        assertThat(index.above(1)).isEqualTo(new KnownLsn(2, 3, false));

        index.dropBelow(2);

        assertThat(index.atOrBelow(1)).isNull();
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void staysSmallAndStillCoversTheWholeLog() {
        dense(20_000);
        log.entries(Isolation.COMMITTED).forEach(index::add);

        assertThat(index.size()).isBetween(32, 128);
        assertThat(Objects.requireNonNull(index.above(0)).lsn()).isLessThan(19_000);
        assertThat(Objects.requireNonNull(index.atOrBelow(19_999)).lsn()).isGreaterThan(19_000);
    }

    @Test
    void aTopicThatWasCreatedAgainHasAnIndexOfItsOwn() {
        var indexes = new LsnIndexes();
        var pchannel = new PChannel("orders", 0);

        var first = indexes.of(pchannel, "one");

        assertThat(indexes.of(pchannel, "one")).isSameAs(first);
        assertThat(indexes.of(pchannel, "two")).isNotSameAs(first);
    }

    @Test
    void forgetsTheLogsThatWereNotSearchedLately() {
        var indexes = new LsnIndexes();
        var first = indexes.of(new PChannel("orders", 0), "id");
        var second = indexes.of(new PChannel("orders", 1), "id");

        for (var partition = 2; partition < 1_001; partition++) {
            indexes.of(new PChannel("orders", 0), "id"); // again and again
            indexes.of(new PChannel("orders", partition), "id");
        }

        assertThat(indexes.of(new PChannel("orders", 0), "id")).isSameAs(first);
        assertThat(indexes.of(new PChannel("orders", 1), "id")).isNotSameAs(second);
    }

    private KnownLsn find(long lsn) {
        var scanner = new LogScanner(log.cursor(Isolation.COMMITTED).inSteps(500), () -> null);
        var newest = new KnownLsn(nextLsn, log.end() - 1, false);
        return Objects.requireNonNull(new LsnSearch(scanner, index, new KnownLsn(0, 0, false), newest)
                .atOrBelow(lsn)
                .join());
    }

    private void dense(int count) {
        for (var written = 0; written < count; written += STRETCH) {
            var headers = new ArrayList<String>();
            for (var each = 0; each < STRETCH; each++) {
                headers.add("1.0/" + nextLsn++);
            }
            log.committed(headers.toArray(String[]::new));
        }
    }

    private void sparse(int count, int leasesEach) {
        var leases = new String[leasesEach];
        Arrays.fill(leases, "1.0 lease");
        for (var written = 0; written < count; written++) {
            log.committed(leases);
            log.committed("1.0/" + nextLsn++);
        }
    }
}
