package io.seawall.walkafka.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LiveRule;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the end of a log, an LSN and the oldest record are found in logs with holes, copies and claims. */
class LogSearchTest {
    private final ManualTime time = new ManualTime();
    private final FakePartition log = new FakePartition(time);
    private final LogScanner scanner = new LogScanner(log.cursor(Isolation.COMMITTED), () -> null);

    @Test
    void theWindowOfAnEmptyLogHasNothing() {
        var window = window();

        assertThat(window.anchor()).isNull();
        assertThat(window.highest()).isEqualTo(Stamp.NONE);
        assertThat(window.committedTail()).isZero();
        assertThat(window.position()).isEqualTo(LiveRule.Position.BEGINNING);
    }

    @Test
    void aClaimNeverEndsTheWindow() {
        log.committed("3.0/0 snapshot", "3.0/0", "3.0/1");
        for (var term = 4; term < 200; term++) {
            log.committed(term + ".0 claim");
        }

        var window = window();

        assertThat(window.committedTail()).isEqualTo(2);
        assertThat(window.highest()).isEqualTo(new Stamp(199, 0));
    }

    @Test
    void findsTheHighestStampNotTheLastOne() {
        log.committed("3.0/0 snapshot");
        log.committed("9.0 claim");
        log.committed("8.0 claim");

        assertThat(window().highest()).isEqualTo(new Stamp(9, 0));
    }

    @Test
    void abortedRecordsAreNotInTheWindow() {
        log.committed("3.0/0 snapshot", "3.0/0");
        log.aborted("9.0 claim", "9.0/1");

        var window = window();

        assertThat(window.highest()).isEqualTo(new Stamp(3, 0));
        assertThat(window.committedTail()).isEqualTo(1);
    }

    @Test
    void copiesCountForTheTailButAreNotTheBase() {
        log.committed("3.0/0 snapshot", "3.0/0");
        log.aborted("3.0/1", "3.0/2");
        log.committed("4.0 claim", "4.0/1@3");

        var window = window();

        assertThat(window.committedTail()).isEqualTo(2);
        assertThat(window.afterBase()).as("behind 3.0/0").isEqualTo(2);
        assertThat(window.position().next()).isEqualTo(1);
    }

    @Test
    void ownClaimsAreLeftOut() {
        log.committed("3.0/0 snapshot");
        var nonce = "00";
        var author = new ControlBody.Author("n1", "n1/1", null);
        var body = new ControlBody.Claim(author, nonce, 0, "id").toBytes();
        var transaction = new FakePartition.Transaction();
        var claim = new WalHeader.Claim(new Stamp(9, 0));
        log.append(transaction, WalHeaderCodec.outgoing(claim, 0, new WalRecord(null, body, List.of())));
        log.end(transaction, true);

        assertThat(joined(scanner.lastWindow(Set.of(nonce))).highest()).isEqualTo(new Stamp(3, 0));
        assertThat(joined(scanner.lastWindow(Set.of("11"))).highest()).isEqualTo(new Stamp(9, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999, 5_000, 12_345, 19_999})
    void findsACommittedRecordNearAndNotAboveAnLsn(long lsn) {
        longLog();

        var found = find(lsn);

        var wanted = offsetOf(lsn);
        assertThat(found.offset()).isLessThanOrEqualTo(wanted);
        assertThat(wanted - found.offset()).isLessThan(2_500);
    }

    @Test
    void findsTheOldestBehindRecordsWithoutANumber() {
        log.committed("3.0 claim", "3.0 lease", "foreign", "3.0/41 snapshot", "3.0/41");

        var oldest = joined(scanner.firstNumbered(0, log.end())).lsn();

        assertThat(oldest).isEqualTo(41);
    }

    /** Writes 20,000 LSNs with claims and snapshots. The data of every tenth term is aborted and written again as copies. */
    private void longLog() {
        for (var stretch = 0; stretch < 200; stretch++) {
            var data = new ArrayList<String>();
            for (var lsn = stretch * 100; lsn < stretch * 100 + 100; lsn++) {
                data.add(stretch + ".0/" + lsn);
            }
            var next = stretch + 1;
            if (stretch % 10 == 9) {
                log.aborted(data.toArray(String[]::new));
                data.replaceAll(header -> header.replaceFirst("^\\d+", String.valueOf(next)) + "@" + (next - 1));
            }
            data.add(next + ".0/" + next * 100 + " snapshot");
            data.add(0, next + ".0 claim");
            log.committed(data.toArray(String[]::new));
        }
    }

    private KnownLsn find(long lsn) {
        var newest = new KnownLsn(20_000, log.end() - 2, false);
        return joined(new LsnSearch(scanner, new LsnIndex(), new KnownLsn(0, 0, false), newest).atOrBelow(lsn));
    }

    private long offsetOf(long lsn) {
        return log.entries(Isolation.COMMITTED).stream()
                .filter(entry -> entry.header() instanceof WalHeader.Data data && data.lsn() == lsn)
                .findFirst()
                .orElseThrow()
                .offset();
    }

    private LogWindow window() {
        return joined(scanner.lastWindow(Set.of()));
    }

    private static <T> T joined(CompletableFuture<T> future) {
        return Objects.requireNonNull(future.join());
    }
}
