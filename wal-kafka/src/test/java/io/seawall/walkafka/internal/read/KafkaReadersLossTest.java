package io.seawall.walkafka.internal.read;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.fake.FakePartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what readers do after trims, short glitches of a leader, and losses. */
class KafkaReadersLossTest extends KafkaReadersFixture {
    @ParameterizedTest
    @EnumSource(View.class)
    void aTrimmedLogStartsAtItsOldestCommittedRecord(View view) {
        // Given a start in the middle of originals that never counted
        log.committed("1.0/0 snapshot", "1.0/0");
        log.aborted("1.0/1", "1.0/3", "1.0/4"); // 2 was never written, so 3 and 4 do not count
        log.committed("2.0 claim", "2.0/1@1", "2.0/2 snapshot", "2.0/2", "2.0/3");
        log.deleteBelow(4);

        try (var reader = readers.open(PCHANNEL, StartPosition.oldest(), view)) {
            assertThat(lsns(reader)).containsExactly(1L, 2L, 3L);
        }
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(2), view)) {
            assertThat(lsns(reader)).containsExactly(2L, 3L);
        }
        assertThat(readers.bounds(PCHANNEL, view)).isEqualTo(new LogBounds(1, 4));
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void refusesAnLsnBelowTheOldestOrAboveTheTail(View view) {
        log.committed("1.0/0 snapshot", "1.0/0", "1.0/1", "1.0/2");
        log.open("1.0/3");
        log.deleteBelow(2);
        var tail = view == View.LIVE ? 4L : 3L;

        var trimmed = refused(0, view);
        var beyond = refused(5, view);

        assertThat(trimmed.code()).isEqualTo(ErrorCode.TRIMMED);
        assertThat(beyond.code()).isEqualTo(ErrorCode.BEYOND_TAIL);
        assertThat(trimmed.problem().numbers()).containsEntry("oldest", 1L).containsEntry("tail", tail);
        assertThat(beyond.problem().numbers()).containsEntry("oldest", 1L).containsEntry("tail", 4L);
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(tail), view)) {
            assertThat(reader.nextLsn()).as("at the tail").isEqualTo(tail);
        }
    }

    @Test
    void aLiveReaderContinuesWithTheCopiesIfATrimDeletesTheOriginals() {
        log.committed("1.0 claim", "1.0/0");
        log.aborted("1.0/1", "1.0/2", "1.0/3");
        log.committed("2.0 claim", "2.0/1@1", "2.0/2@1", "2.0/3@1", "2.0/4 snapshot", "2.0/4");
        var stepwise = readers((pchannel, isolation) -> log.cursor(isolation).inSteps(1));
        try (var reader = stepwise.open(PCHANNEL, StartPosition.atLsn(0), View.LIVE)) {
            var before = List.of(one(reader), one(reader));
            log.deleteBelow(8); // right at the copy of 1, far above the original of 2

            var after = List.of(one(reader), one(reader), one(reader));

            assertThat(before).containsExactly(0L, 1L);
            assertThat(after).containsExactly(2L, 3L, 4L);
        }
    }

    @Test
    void theErrorOfAReaderWhoseNextRecordWasTrimmedHasTheBounds() {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2", "1.0/3");
        var stepwise = readers((pchannel, isolation) -> log.cursor(isolation).inSteps(1));
        try (var reader = stepwise.open(PCHANNEL, StartPosition.atLsn(0), View.LIVE)) {
            one(reader);
            log.deleteBelow(4);

            var error = failure(() -> one(reader));

            assertThat(error.code()).isEqualTo(ErrorCode.TRIMMED);
            assertThat(error.problem().numbers()).containsEntry("oldest", 3L).containsEntry("tail", 4L);
        }
    }

    /** After the answer of a deposed leader the reader opens cursors to find the log's bounds and then its own place. */
    @ParameterizedTest
    @CsvSource({"COMMITTED, 2", "LIVE, 3"})
    void aTrimWhileAReaderFindsItsPlaceAgainLeavesNoGap(View view, int trimBeforeCursor) {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2", "1.0/3");
        var cursors = new ArrayList<FakePartition.FakeCursor>();
        var racing = readers((pchannel, isolation) -> {
            opens++;
            if (opens == trimBeforeCursor) {
                log.deleteBelow(4);
            }
            cursors.add(log.cursor(isolation).inSteps(2));
            return cursors.get(cursors.size() - 1);
        });
        opens = -10;
        try (var reader = racing.open(PCHANNEL, StartPosition.atLsn(0), view)) {
            one(reader);
            opens = 0;
            cursors.get(cursors.size() - 1).mislead();

            var error = failure(() -> one(reader));

            assertThat(error.code()).isEqualTo(ErrorCode.TRIMMED);
            assertThat(error.problem().numbers()).containsEntry("oldest", 3L);
        }
    }

    @Test
    void givesUpIfTheLogIsTrimmedDuringEachAttempt() {
        log.committed("1.0/0 snapshot");
        for (var lsn = 0; lsn < 20; lsn++) {
            log.committed("1.0/" + lsn);
        }
        log.deleteBelow(1);
        var trims = new int[] {1};
        var racing =
                readers((pchannel, isolation) -> log.cursor(isolation).afterRange(() -> log.deleteBelow(++trims[0])));

        var error = failure(() -> racing.open(PCHANNEL, StartPosition.oldest(), View.COMMITTED));

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("being trimmed");
        assertThat(trims[0]).as("a few attempts").isLessThan(10);
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void reportsALossIfTheEndIsMissingForThirtySeconds() {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2");
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(0), View.LIVE)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L, 2L);
            log.loseFrom(3);

            // A deposed leader that still answers has the same effect at first.
            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
            time.advance(30_000);
            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.DATA_LOSS);
        }
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void shortGlitchesAtOneLsnAnHourApartAreNoLoss(View view) {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2");
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(0), view)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L, 2L);
            for (var hour = 0; hour < 3; hour++) {
                // Given a leader that for a moment has less of the log than the reader has read
                log.showBelow(3);
                assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
                log.showAll();
                assertThat(lsns(reader)).as("nothing new, and nothing wrong").isEmpty();
                time.advance(3_600_000);
            }
            log.committed("1.0/3");
            assertThat(lsns(reader)).containsExactly(3L);
        }
    }

    @Test
    void aGlitchEndsWhenTheReaderFindsItsPlaceAgain() {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2");
        var cursors = new ArrayList<FakePartition.FakeCursor>();
        var readers = readers((pchannel, isolation) -> {
            cursors.add(log.cursor(isolation));
            return cursors.get(cursors.size() - 1);
        });
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(0), View.COMMITTED)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L, 2L);
            log.showBelow(3);
            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
            log.showAll();
            cursors.get(0).mislead(); // the reader finds its place again with another cursor
            reader.poll(1, Duration.ZERO);
            time.advance(3_600_000);

            log.showBelow(3);
            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
    }

    /** A short poll of Kafka's consumer may return nothing before any broker has answered. */
    @Test
    void anEmptyPollDoesNotEndAGlitch() {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2");
        var cursors = new ArrayList<FakePartition.FakeCursor>();
        var readers = readers((pchannel, isolation) -> {
            cursors.add(log.cursor(isolation));
            return cursors.get(cursors.size() - 1);
        });
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(0), View.COMMITTED)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L, 2L);
            log.loseFrom(3);
            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
            cursors.get(0).stuck();
            assertThat(reader.poll(1, Duration.ZERO)).isEmpty();
            cursors.get(0).unstuck();
            time.advance(30_000);

            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.DATA_LOSS);
        }
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void reportsALossIfAllRecordsAreGone(View view) {
        log.committed("1.0/0 snapshot", "1.0/0");
        log.committed("2.0 claim");
        log.deleteBelow(3);

        var bounds = failure(() -> readers.bounds(PCHANNEL, view));
        var open = refused(0, view);

        assertThat(List.of(bounds, open)).allSatisfy(error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.DATA_LOSS);
            assertThat(error).hasMessageContaining("starts at offset 3").hasMessageContaining("docs/operations.md");
        });
    }

    @Test
    void readsOrRefusesTheRestWhereverRecordsAreDeletedByHand() {
        for (var offset = 0; offset <= 17; offset++) {
            var partly = new FakePartition(time);
            partly.committed("1.0 claim", "1.0/0 snapshot", "1.0/0", "1.0/1+1", "1.0/2+0");
            partly.aborted("1.0/3", "1.0/5");
            partly.committed("2.0 claim", "2.0/3@1", "2.0/4 snapshot", "2.0/4");
            partly.committed("3.0 claim");
            partly.deleteBelow(offset);
            var hand = readers((pchannel, isolation) -> partly.cursor(isolation));
            for (var view : View.values()) {
                var found = new ArrayList<Long>();
                try (var reader = hand.open(PCHANNEL, StartPosition.oldest(), view)) {
                    found.addAll(lsns(reader));
                } catch (WalException refusal) {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.DATA_LOSS);
                    assertThat(offset).as("nothing with a number is left").isGreaterThanOrEqualTo(13);
                    continue;
                }
                assertThat(found).as("deleted below %d", offset).endsWith(4L);
                for (var index = 1; index < found.size(); index++) {
                    assertThat(found.get(index)).isEqualTo(found.get(index - 1) + 1);
                }
                assertThat(hand.bounds(PCHANNEL, view)).isEqualTo(new LogBounds(found.get(0), 5));
            }
        }
    }
}
