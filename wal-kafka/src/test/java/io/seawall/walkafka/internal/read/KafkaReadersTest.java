package io.seawall.walkafka.internal.read;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests where readers start. */
class KafkaReadersTest extends KafkaReadersFixture {
    @Test
    void aReaderOfTheCommittedViewMayStartAtAnUncommittedRecordAndWaits() {
        log.committed("1.0/0 snapshot", "1.0/0");
        var lease = log.open("1.0/1", "1.0/2", "1.0/3");

        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(3), View.COMMITTED)) {
            assertThat(reader.nextLsn()).isEqualTo(3);
            assertThat(lsns(reader)).as("before the commit").isEmpty();
            log.end(lease, true);

            assertThat(lsns(reader)).as("behind it").containsExactly(3L);
        }
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(4), View.COMMITTED)) {
            assertThat(lsns(reader)).isEmpty();
        }
    }

    @Test
    void refusesAnLsnAboveTheLiveTailInBothViews() {
        log.committed("1.0/0 snapshot", "1.0/0");
        log.open("1.0/1", "1.0/2");

        for (var view : View.values()) {
            var refused = failure(() -> readers.open(PCHANNEL, StartPosition.atLsn(4), view));

            assertThat(refused.code()).isEqualTo(ErrorCode.BEYOND_TAIL);
            assertThat(refused.problem().numbers()).containsEntry("oldest", 0L).containsEntry("tail", 3L);
        }
    }

    /** The reader's position is above the committed records, and the trim deletes only records below it. */
    @Test
    void aTrimBeforeAReaderThatWaitsForACommitIsNoLoss() {
        log.committed("1.0/0 snapshot", "1.0/0", "1.0/1 snapshot");
        var lease = log.open("1.0/1", "1.0/2", "1.0/3");
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(3), View.COMMITTED)) {
            var unused = log.trim(2);

            assertThat(lsns(reader)).isEmpty();
            log.end(lease, true);

            assertThat(lsns(reader)).containsExactly(3L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aCommitDuringTheOpeningOfAReaderHidesNoRecord(int commitBeforeCursor) {
        // Given three records in an open lease, which commits before the opening creates one of its cursors
        log.committed("1.0 claim");
        var lease = log.open("1.0/0", "1.0/1", "1.0/2");
        var racing = readers((pchannel, isolation) -> {
            opens++;
            if (opens == commitBeforeCursor) {
                log.end(lease, true);
            }
            return log.cursor(isolation);
        });

        try (var reader = racing.open(PCHANNEL, StartPosition.atLsn(0), View.LIVE)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L, 2L);
        }
    }

    /** Seeds 318 and 2666 of the simulation: the reader failed with TRIMMED because of records that it had not asked for. */
    @ParameterizedTest
    @CsvSource({
        "LIVE, 1",
        "LIVE, 2",
        "LIVE, 3",
        "LIVE, 4",
        "COMMITTED, 1",
        "COMMITTED, 2",
        "COMMITTED, 3",
        "COMMITTED, 4"
    })
    void aTrimDuringTheOpeningOfAReaderFailsItOnlyIfItsRecordIsGone(View view, int trimBeforeCursor) {
        for (var from : List.of(StartPosition.oldest(), StartPosition.tail(), at(0), StartPosition.atLsn(3))) {
            // Given a log that is trimmed to its last record before the opening creates one of its cursors
            var trimmed = new FakePartition(time);
            trimmed.committed("1.0/0 snapshot", "1.0/0");
            var lease = trimmed.open("1.0/1", "1.0/2");
            opens = 0;
            var racing = readers((pchannel, isolation) -> {
                opens++;
                if (opens == trimBeforeCursor) {
                    trimmed.end(lease, true);
                    var snapshot = trimmed.end();
                    trimmed.committed("1.0/3 snapshot", "1.0/3");
                    trimmed.deleteBelow(snapshot);
                }
                return trimmed.cursor(isolation);
            });

            try (var reader = racing.open(PCHANNEL, from, view)) {
                var trimSeen = opens >= trimBeforeCursor;
                var committedEnd = view == View.LIVE ? 3L : 1L;
                assertThat(reader.nextLsn()).as("%s", from).isIn(0L, committedEnd, 3L, trimSeen ? 4L : committedEnd);
            } catch (WalException refused) {
                assertThat(from).isEqualTo(StartPosition.atLsn(3));
                assertThat(refused.code()).as("before the record is there").isEqualTo(ErrorCode.BEYOND_TAIL);
            }
            assertThat(trimmed.openCursors()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"-5, 0", "0, 0", "1, 1", "10, 1", "11, 2", "20, 2", "30, 4", "31, 5"})
    void startsAtTheFirstRecordThatIsNotOlderThanTheTime(long afterT0, long first) {
        log.committed("1.0 claim", "1.0/0 snapshot", "1.0/0");
        time.advance(10);
        log.committed("1.0/1");
        time.advance(10);
        log.committed("1.0/2");
        time.advance(10);
        log.open("1.0 lease", "1.0/3+1", "1.0/4+0");
        time.advance(10);
        log.open("1.0/5");

        try (var reader = readers.open(PCHANNEL, at(afterT0), View.LIVE)) {
            // 3 and 4 are one batch with one timestamp
            assertThat(reader.nextLsn()).isEqualTo(first == 4 ? 3 : first);
            assertThat(lsns(reader)).startsWith(first == 4 ? 3 : first).endsWith(5L);
        }
    }

    @Test
    void copiesWithOldTimestampsDoNotMoveTheStart() {
        // Given 1 to 3 aborted, and written again much later with their first timestamps behind a claim with a new one
        log.committed("1.0/0 snapshot", "1.0/0");
        time.advance(10);
        log.aborted("1.0/1", "1.0/2");
        time.advance(10);
        log.aborted("1.0/3");
        time.advance(100);
        log.committed("2.0 claim");
        time.setWall(T0 + 10);
        log.committed("2.0/1@1", "2.0/2@1");
        time.setWall(T0 + 20);
        log.committed("2.0/3@1");
        time.setWall(T0 + 120);
        log.committed("2.0/4 snapshot", "2.0/4");

        for (var view : View.values()) {
            assertThat(startOf(10, view)).as("%s", view).isEqualTo(1);
            assertThat(startOf(11, view)).as("%s", view).isEqualTo(3);
            assertThat(startOf(20, view)).as("%s", view).isEqualTo(3);
            assertThat(startOf(21, view)).as("%s", view).isEqualTo(4);
            assertThat(startOf(121, view)).as("%s", view).isEqualTo(5);
        }
    }

    @Test
    void doesNotStartAtAVoidRecord() {
        log.committed("1.0/0 snapshot", "1.0/0");
        time.advance(10);
        log.aborted("1.0/2"); // 1 was never written
        time.advance(10);
        log.committed("2.0/1 snapshot", "2.0/1");

        assertThat(startOf(10, View.LIVE)).isEqualTo(1);
        assertThat(startOf(21, View.LIVE)).isEqualTo(2);
    }

    @Test
    void startsAtTheTailIfTheTimeIsInTheFutureAndReturnsOlderAppends() {
        log.committed("1.0/0 snapshot", "1.0/0");
        try (var reader = readers.open(PCHANNEL, at(1_000_000), View.LIVE)) {
            assertThat(reader.nextLsn()).isEqualTo(1);
            log.open("1.0/1");

            assertThat(lsns(reader)).containsExactly(1L);
        }
    }

    @Test
    void aStartByTimeInTheCommittedViewIgnoresUncommittedRecords() {
        log.committed("1.0/0 snapshot", "1.0/0");
        time.advance(10);
        var lease = log.open("1.0/1");
        try (var reader = readers.open(PCHANNEL, at(5), View.COMMITTED)) {
            assertThat(reader.nextLsn()).isEqualTo(1);
            log.end(lease, true);

            assertThat(lsns(reader)).containsExactly(1L);
        }
    }

    @Test
    void aRecordThatArrivesDuringAStartByTimeIsNotSkipped() {
        log.committed("1.0/0 snapshot", "1.0/0");
        time.advance(10);
        var racing = readers((pchannel, isolation) -> {
            opens++;
            if (opens == 2) {
                log.open("1.0/1");
            }
            return log.cursor(isolation);
        });

        try (var reader = racing.open(PCHANNEL, at(10), View.LIVE)) {
            assertThat(reader.nextLsn()).isEqualTo(1);
            assertThat(lsns(reader)).containsExactly(1L);
        }
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void aRecordOfALaterFormatStopsAReader(View view) {
        log.committed("1.0 claim", "1.0/0");
        log.committed(new WalHeader.Claim(new Stamp(2, 0)), "{\"format\":2}");
        log.committed("2.0/1");
        try (var reader = readers.open(PCHANNEL, StartPosition.oldest(), view)) {
            assertThat(lsns(reader)).containsExactly(0L);

            var error = failure(() -> one(reader));

            assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(error)
                    .hasMessageContaining("format 2")
                    .hasMessageContaining("term 2")
                    .hasMessageContaining("at most format 1")
                    .hasMessageContaining("upgrade");
        }
    }

    @Test
    void countsForeignAndVoidRecords() {
        log.committed("hello", "1.0 claim", "1.0/0", "2.0/1 snapshot");
        log.open("1.0/1", "2.0/1", "world");
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(0), View.LIVE)) {
            lsns(reader);

            assertThat(readers.stats().foreignRecords()).isEqualTo(2);
            assertThat(readers.stats().voidRecords()).isEqualTo(1);
            assertThat(readers.stats().readers()).isEqualTo(1);
        }
        assertThat(readers.stats().readers()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"COMMITTED, 1", "LIVE, 2"})
    void boundsOpenFewConsumersAndCloseThem(View view, int most) {
        log.committed("1.0/0 snapshot", "1.0/0", "1.0/1");
        log.open("1.0/2");
        log.deleteBelow(2);
        var counting = readers((pchannel, isolation) -> {
            opens++;
            return log.cursor(isolation);
        });

        counting.bounds(PCHANNEL, view);

        assertThat(opens).isLessThanOrEqualTo(most);
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void aRefusedOpeningLeavesNoConsumer() {
        log.committed("1.0/0 snapshot", "1.0/0");

        for (var view : View.values()) {
            refused(7, view);
        }

        assertThat(log.openCursors()).isZero();
    }
}
