package io.seawall.walkafka;

import static io.seawall.walkafka.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.TopicAdmin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a reader starts, while the owner goes on, on logs that were trimmed, taken over, or tampered with. */
class KafkaReadersTest {
    private static final PChannel PCHANNEL = new PChannel("orders", 0);
    private static final long T0 = 1_700_000_000_000L;

    private final ManualTime time = new ManualTime();
    private final FakeLog log = new FakeLog(time);
    private final KafkaReaders readers = readers((pchannel, isolation) -> log.cursor(isolation));
    private int opens;

    private KafkaReaders readers(LogCursors cursors) {
        TopicAdmin topics = topic -> CompletableFuture.completedFuture(new TopicAdmin.Facts("id", 1, 1, Map.of()));
        return new KafkaReaders(cursors, topics, time, new LsnIndexes(), new Owners());
    }

    /** What was acknowledged a moment ago: its commit comes, so there is something to wait for. */
    @Test
    void aReaderOfTheCommittedViewBeginsAtWhatIsOnlyAcknowledgedAndWaitsForItsCommit() {
        log.committed("1.0/0 snapshot", "1.0/0");
        var lease = log.open("1.0/1", "1.0/2", "1.0/3");

        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(3), View.COMMITTED)) {
            assertThat(reader.nextLsn()).isEqualTo(3);
            assertThat(lsns(reader)).as("before the commit").isEmpty();
            log.end(lease, true);

            assertThat(lsns(reader)).as("behind it").containsExactly(3L);
        }
        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(4), View.COMMITTED)) {
            assertThat(lsns(reader)).isEmpty();
        }
    }

    @Test
    void beyondTheLiveTailIsBeyondEveryView() {
        log.committed("1.0/0 snapshot", "1.0/0");
        log.open("1.0/1", "1.0/2");

        for (var view : View.values()) {
            var refused = failure(() -> readers.open(PCHANNEL, new StartPosition.AtLsn(4), view));

            assertThat(refused.code()).isEqualTo(ErrorCode.BEYOND_TAIL);
            assertThat(refused.problem().numbers()).containsEntry("oldest", 0L).containsEntry("tail", 3L);
        }
    }

    /** It stands where nothing is committed yet; a trim of what is before that takes nothing from it. */
    @Test
    void aReaderThatWaitsForACommitIsNoReaderOfALostEnd() {
        log.committed("1.0/0 snapshot", "1.0/0", "1.0/1 snapshot");
        var lease = log.open("1.0/1", "1.0/2", "1.0/3");
        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(3), View.COMMITTED)) {
            var unused = log.trim(2);

            assertThat(lsns(reader)).isEmpty();
            log.end(lease, true);

            assertThat(lsns(reader)).containsExactly(3L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aCommitWhileAReaderLooksForItsStartHidesNoRecord(int commitBeforeCursor) {
        // Given three records in an open lease, which commits before one of the cursors of the opening looks
        log.committed("1.0 claim");
        var lease = log.open("1.0/0", "1.0/1", "1.0/2");
        var racing = readers((pchannel, isolation) -> {
            opens++;
            if (opens == commitBeforeCursor) {
                log.end(lease, true);
            }
            return log.cursor(isolation);
        });

        try (var reader = racing.open(PCHANNEL, new StartPosition.AtLsn(0), View.LIVE)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L, 2L);
        }
    }

    /** Seeds 318 and 2666 of the simulation: it was told that records were trimmed that it had not asked for. */
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
    void aTrimWhileAReaderLooksForItsStartRefusesOnlyWhatWasAskedForAndIsGone(View view, int trimBeforeCursor) {
        for (var from :
                List.of(new StartPosition.Oldest(), new StartPosition.Tail(), at(0), new StartPosition.AtLsn(3))) {
            // Given a log of which all but the last record is trimmed before one of the cursors of the opening looks
            var trimmed = new FakeLog(time);
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
                assertThat(from).isEqualTo(new StartPosition.AtLsn(3));
                assertThat(refused.code()).as("before the record is there").isEqualTo(ErrorCode.BEYOND_TAIL);
            }
            assertThat(trimmed.openCursors()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"-5, 0", "0, 0", "1, 1", "10, 1", "11, 2", "20, 2", "30, 4", "31, 5"})
    void startsAtTheFirstRecordThatIsNotOlder(long afterT0, long first) {
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
            // 3 and 4 are one batch of one moment
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
    void aVoidRecordIsNotTheStart() {
        log.committed("1.0/0 snapshot", "1.0/0");
        time.advance(10);
        log.aborted("1.0/2"); // 1 never made it
        time.advance(10);
        log.committed("2.0/1 snapshot", "2.0/1");

        assertThat(startOf(10, View.LIVE)).isEqualTo(1);
        assertThat(startOf(21, View.LIVE)).isEqualTo(2);
    }

    @Test
    void laterThanEverythingIsTheTailAndWhatIsAppendedThenIsGivenThoughItIsOlder() {
        log.committed("1.0/0 snapshot", "1.0/0");
        try (var reader = readers.open(PCHANNEL, at(1_000_000), View.LIVE)) {
            assertThat(reader.nextLsn()).isEqualTo(1);
            log.open("1.0/1");

            assertThat(lsns(reader)).containsExactly(1L);
        }
    }

    @Test
    void theCommittedViewDoesNotSeeAMomentInTheUncommittedTail() {
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
    void aRecordThatComesBetweenTheQuestionsIsNotTakenForAnOlderOne() {
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
    void aTrimmedLogStartsAtItsOldestCommittedRecord(View view) {
        // Given a start in the middle of originals that never counted
        log.committed("1.0/0 snapshot", "1.0/0");
        log.aborted("1.0/1", "1.0/3", "1.0/4"); // 2 never made it: 3 and 4 are void
        log.committed("2.0 claim", "2.0/1@1", "2.0/2 snapshot", "2.0/2", "2.0/3");
        log.deleteBelow(4);

        try (var reader = readers.open(PCHANNEL, new StartPosition.Oldest(), view)) {
            assertThat(lsns(reader)).containsExactly(1L, 2L, 3L);
        }
        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(2), view)) {
            assertThat(lsns(reader)).containsExactly(2L, 3L);
        }
        assertThat(readers.bounds(PCHANNEL, view)).isEqualTo(new LogBounds(1, 4));
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void belowTheOldestIsTrimmedAndAboveTheTailIsBeyondIt(View view) {
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
        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(tail), view)) {
            assertThat(reader.nextLsn()).as("at the tail").isEqualTo(tail);
        }
    }

    @Test
    void aLiveReaderGoesOnWithTheCopiesWhenATrimTakesTheOriginalsBeforeIt() {
        log.committed("1.0 claim", "1.0/0");
        log.aborted("1.0/1", "1.0/2", "1.0/3");
        log.committed("2.0 claim", "2.0/1@1", "2.0/2@1", "2.0/3@1", "2.0/4 snapshot", "2.0/4");
        var stepwise = readers((pchannel, isolation) -> log.cursor(isolation).inSteps(1));
        try (var reader = stepwise.open(PCHANNEL, new StartPosition.AtLsn(0), View.LIVE)) {
            var before = List.of(one(reader), one(reader));
            log.deleteBelow(8); // right at the copy of 1, far above the original of 2

            var after = List.of(one(reader), one(reader), one(reader));

            assertThat(before).containsExactly(0L, 1L);
            assertThat(after).containsExactly(2L, 3L, 4L);
        }
    }

    @Test
    void aReaderWhoseNextRecordWasTrimmedIsToldTheBounds() {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2", "1.0/3");
        var stepwise = readers((pchannel, isolation) -> log.cursor(isolation).inSteps(1));
        try (var reader = stepwise.open(PCHANNEL, new StartPosition.AtLsn(0), View.LIVE)) {
            one(reader);
            log.deleteBelow(4);

            var error = failure(() -> one(reader));

            assertThat(error.code()).isEqualTo(ErrorCode.TRIMMED);
            assertThat(error.problem().numbers()).containsEntry("oldest", 3L).containsEntry("tail", 4L);
        }
    }

    /** A deposed leader sends the reader to look again, with one look at the log's end and one for its own place. */
    @ParameterizedTest
    @CsvSource({"COMMITTED, 2", "LIVE, 3"})
    void aTrimWhileAReaderLooksForItsPlaceAgainIsNotAGap(View view, int looks) {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2", "1.0/3");
        var cursors = new ArrayList<FakeLog.FakeCursor>();
        var racing = readers((pchannel, isolation) -> {
            opens++;
            if (opens == looks) {
                log.deleteBelow(4);
            }
            cursors.add(log.cursor(isolation).inSteps(2));
            return cursors.get(cursors.size() - 1);
        });
        opens = -10;
        try (var reader = racing.open(PCHANNEL, new StartPosition.AtLsn(0), view)) {
            one(reader);
            opens = 0;
            cursors.get(cursors.size() - 1).mislead();

            var error = failure(() -> one(reader));

            assertThat(error.code()).isEqualTo(ErrorCode.TRIMMED);
            assertThat(error.problem().numbers()).containsEntry("oldest", 3L);
        }
    }

    @Test
    void aLogThatIsTrimmedFasterThanItIsSearchedIsNotSearchedForever() {
        log.committed("1.0/0 snapshot");
        for (var lsn = 0; lsn < 20; lsn++) {
            log.committed("1.0/" + lsn);
        }
        log.deleteBelow(1);
        var trims = new int[] {1};
        var racing =
                readers((pchannel, isolation) -> log.cursor(isolation).afterRange(() -> log.deleteBelow(++trims[0])));

        var error = failure(() -> racing.open(PCHANNEL, new StartPosition.Oldest(), View.COMMITTED));

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("being trimmed");
        assertThat(trims[0]).as("a few attempts").isLessThan(10);
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void aLogThatLostItsEndForGoodIsALossForWhoeverHasReadFurther() {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2");
        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(0), View.LIVE)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L, 2L);
            log.loseFrom(3);

            // A deposed leader that still answers looks the same at first.
            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
            time.advance(30_000);
            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.DATA_LOSS);
        }
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void twoGlitchesAtOneLsnAnHourApartAreNoLoss(View view) {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2");
        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(0), view)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L, 2L);
            for (var hour = 0; hour < 3; hour++) {
                // Given a leader that has less of the log than was read, for a moment
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
    void aPlaceThatIsFoundAgainEndsAGlitchToo() {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2");
        var cursors = new ArrayList<FakeLog.FakeCursor>();
        var readers = readers((pchannel, isolation) -> {
            cursors.add(log.cursor(isolation));
            return cursors.get(cursors.size() - 1);
        });
        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(0), View.COMMITTED)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L, 2L);
            log.showBelow(3);
            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
            log.showAll();
            cursors.get(0).mislead(); // the next look finds the place, though not with this cursor
            reader.poll(1, Duration.ZERO);
            time.advance(3_600_000);

            log.showBelow(3);
            assertThat(failure(() -> one(reader)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
    }

    /** Kafka's consumer comes back from a short poll with nothing before it was told anything. */
    @Test
    void anEmptyPollDoesNotProveThatTheEndIsThere() {
        log.committed("1.0 claim", "1.0/0", "1.0/1", "1.0/2");
        var cursors = new ArrayList<FakeLog.FakeCursor>();
        var readers = readers((pchannel, isolation) -> {
            cursors.add(log.cursor(isolation));
            return cursors.get(cursors.size() - 1);
        });
        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(0), View.COMMITTED)) {
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
    void aLogWhoseRecordsAreAllGoneIsALossAndNotAnEmptyLog(View view) {
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
    void whereverRecordsAreDeletedByHandTheRestIsReadOrRefused() {
        for (var offset = 0; offset <= 17; offset++) {
            var partly = new FakeLog(time);
            partly.committed("1.0 claim", "1.0/0 snapshot", "1.0/0", "1.0/1+1", "1.0/2+0");
            partly.aborted("1.0/3", "1.0/5");
            partly.committed("2.0 claim", "2.0/3@1", "2.0/4 snapshot", "2.0/4");
            partly.committed("3.0 claim");
            partly.deleteBelow(offset);
            var hand = readers((pchannel, isolation) -> partly.cursor(isolation));
            for (var view : View.values()) {
                var found = new ArrayList<Long>();
                try (var reader = hand.open(PCHANNEL, new StartPosition.Oldest(), view)) {
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

    @ParameterizedTest
    @EnumSource(View.class)
    void aRecordOfALaterFormatStopsAReader(View view) {
        log.committed("1.0 claim", "1.0/0");
        log.committed(new WalHeader.Claim(new Stamp(2, 0)), "{\"format\":2}");
        log.committed("2.0/1");
        try (var reader = readers.open(PCHANNEL, new StartPosition.Oldest(), view)) {
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
    void countsWhatItPassesOver() {
        log.committed("hello", "1.0 claim", "1.0/0", "2.0/1 snapshot");
        log.open("1.0/1", "2.0/1", "world");
        try (var reader = readers.open(PCHANNEL, new StartPosition.AtLsn(0), View.LIVE)) {
            lsns(reader);

            assertThat(readers.stats().foreignRecords()).isEqualTo(2);
            assertThat(readers.stats().voidRecords()).isEqualTo(1);
            assertThat(readers.stats().readers()).isEqualTo(1);
        }
        assertThat(readers.stats().readers()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"COMMITTED, 1", "LIVE, 2"})
    void boundsTakeFewConsumersAndLeaveNone(View view, int most) {
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
    void whatFailsToOpenLeavesNoConsumer() {
        log.committed("1.0/0 snapshot", "1.0/0");

        for (var view : View.values()) {
            refused(7, view);
        }

        assertThat(log.openCursors()).isZero();
    }

    private WalException refused(long lsn, View view) {
        return failure(() -> readers.open(PCHANNEL, new StartPosition.AtLsn(lsn), view));
    }

    private static StartPosition at(long afterT0) {
        return new StartPosition.AtTime(Instant.ofEpochMilli(T0 + afterT0));
    }

    private long startOf(long afterT0, View view) {
        try (var reader = readers.open(PCHANNEL, at(afterT0), view)) {
            return reader.nextLsn();
        }
    }

    private static long one(WalReader reader) {
        return reader.poll(1, Duration.ofSeconds(1)).get(0).lsn();
    }

    private static List<Long> lsns(WalReader reader) {
        return reader.poll(100, Duration.ofSeconds(1)).stream()
                .map(LogRecord::lsn)
                .toList();
    }
}
