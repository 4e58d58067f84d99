package io.seawall.walkafka.internal.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.fake.ThrownErrors;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.LaneFault;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests openings that take longer than {@code wal.open.timeout.ms} to read or republish the uncommitted records. */
class LargeTailTest {
    private static final int RECORDS = 100;
    private static final String VALUE = "v".repeat(64 * 1024);

    private final FakeKafka kafka = new FakeKafka();
    private final FakePartition log = kafka.log();
    private final ManualTime time = kafka.time();
    private final long timeoutMs = kafka.settings().timeouts().open().toMillis();

    LargeTailTest() {
        log.committed("6.0/0 snapshot");
        for (var lsn = 0; lsn < RECORDS; lsn++) {
            log.aborted(WalHeader.Data.single(new Stamp(6, 0), lsn), VALUE);
        }
    }

    @Test
    void readingMayTakeLongerThanTheTimeout() {
        kafka.everyCursor(cursor -> cursor.inSteps(1).slow(timeoutMs / 20));

        assertOpened(open(7));
    }

    @Test
    void writingMayTakeLongerThanTheTimeout() {
        kafka.everyLane(lane -> lane.underWay(() -> time.advance(timeoutMs / 20)));

        assertOpened(open(7));
    }

    @Test
    void anOpeningEndsOneTimeoutAfterItsLastProgress() {
        var fetches = new int[1];
        kafka.everyCursor(cursor -> cursor.inSteps(1).slow(timeoutMs / 20).afterFetch(() -> {
            if (++fetches[0] == 50) {
                cursor.stuck();
            }
        }));

        assertThat(failedAfterMs()).isBetween(50 * timeoutMs / 20, 50 * timeoutMs / 20 + timeoutMs + 1_000);
    }

    @Test
    void anOpeningEndsAfterTenTimeoutsDespiteProgress() {
        kafka.everyCursor(cursor -> cursor.inSteps(1).slow(timeoutMs - 1));

        assertThat(failedAfterMs()).isBetween(9 * timeoutMs, 11 * timeoutMs);
    }

    /** Each attempt reads the same records again, which must not count as progress for ever. */
    @Test
    void attemptsThatCommitNothingDoNotExtendTheTime() {
        kafka.everyCursor(cursor -> cursor.inSteps(10).slow(timeoutMs / 40));
        kafka.everyLane(lane -> lane.refusesLsn(0).refusesWith(LaneFault.Kind.UNAVAILABLE));

        assertThat(failedAfterMs()).isLessThan(4 * timeoutMs);
    }

    private long failedAfterMs() {
        var opening = kafka.opening(7);
        var begunMs = time.elapsedMs();
        var endedMs = new long[1];
        Futures.listen(opening.wal(), (wal, error) -> endedMs[0] = time.elapsedMs());
        opening.start();
        time.advance(2 * timeoutMs);
        var error = ThrownErrors.failure(opening.wal());
        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("wal.open.timeout.ms");
        return endedMs[0] - begunMs;
    }

    /** The connection is so slow that it is cut off before a transaction of the usual size ends. */
    @Test
    void eachAttemptKeepsItsCopiesAndMakesTheNextTransactionSmaller() {
        kafka.everyLane(lane -> {
            var sent = new int[1];
            return lane.refuses(header -> header instanceof WalHeader.Data && ++sent[0] > 7);
        });

        assertOpened(open(7));
        assertThat(copies()).as("written again").isLessThan(3L * RECORDS);
    }

    /** Each of these processes dies, so the next one knows only the log. */
    @Test
    void openingsThatDieDoNotAddCopiesForEver() {
        var term = 7;
        while (term < 50 && dies(term)) {
            term++;
        }

        assertThat(term)
                .as("openings at terms 7 and above, the last one not dead")
                .isBetween(8, 12);
        assertThat(copies()).isLessThan(2L * RECORDS);
        assertThat(committedLsns()).isEqualTo(all());
    }

    private boolean dies(int term) {
        var opening = kafka.opening(term);
        var sent = new int[1];
        kafka.everyLane(lane -> lane.underWay(() -> {
            if (++sent[0] == 40) {
                opening.cancel();
            }
        }));
        opening.start();
        time.advance(1_000);
        return opening.wal().isCompletedExceptionally();
    }

    private TermOpening open(long term) {
        var opening = kafka.opening(term);
        opening.start();
        time.advance(20_000); // pauses between attempts
        return opening;
    }

    private void assertOpened(TermOpening opening) {
        assertThat(opening.wal()).isCompleted();
        assertThat(opening.wal().join().tail()).isEqualTo(RECORDS);
        assertThat(committedLsns()).isEqualTo(all());
    }

    private static List<Long> all() {
        return IntStream.range(0, RECORDS).mapToObj(Long::valueOf).toList();
    }

    private List<Long> committedLsns() {
        kafka.everyCursor(cursor -> cursor);
        try (var reader = kafka.readers().open(FakeKafka.PCHANNEL, StartPosition.atLsn(0), View.COMMITTED)) {
            return reader.poll(10 * RECORDS, Duration.ofSeconds(1)).stream()
                    .map(LogRecord::lsn)
                    .toList();
        }
    }

    private long copies() {
        return log.live().stream().filter(header -> header.contains("@")).count();
    }
}
