package io.seawall.walkafka.internal.read;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.LiveRule.Position;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.scan.ScanDeadline;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which records end a follower, with which errors, and which errors pass. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogFollowerTest {
    private static final Duration SOON = Duration.ofMillis(500);
    private static final LogPoint START = new LogPoint(0, Position.after(Stamp.NONE, 0));

    private final ManualTime time = new ManualTime();
    private final FakePartition log = new FakePartition(time);
    private final FakeChecks checks = new FakeChecks();

    /**
     * A log that lost records.
     *
     * @param log the headers of its records
     * @param given the LSNs that a follower returns before the loss
     * @param offset the offset of the record that shows the loss
     * @param words the description of the loss in the error
     */
    record Loss(String log, List<Long> given, long offset, String words) {}

    static Stream<Loss> losses() {
        return Stream.of(
                new Loss("6.0/0; 7.0 claim; 7.0/0", List.of(0L), 2, "a number that was used before"),
                new Loss("6.0/0; 7.0 claim; 7.0/2", List.of(0L), 2, "numbers left out"),
                new Loss("6.0/0; 7.0 claim; 7.0 lease; 7.0/2@6", List.of(0L), 3, "numbers left out"),
                new Loss("6.0/0; 7.0/5 snapshot", List.of(0L), 1, "numbers left out"),
                new Loss("6.0/0; 6.0/1; 7.0/1 snapshot", List.of(0L, 1L), 2, "numbers left out"),
                new Loss("6.0/0; 6.0/1+2; 6.0/2+2", List.of(0L), 2, "a batch that breaks off"),
                new Loss("6.0/0; 6.0/1+2; 6.0/2 snapshot", List.of(0L), 2, "a batch that breaks off"),
                new Loss("6.0/0; 6.0/2", List.of(0L), 1, "numbers left out"));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void reportsALossWithItsOffsetAfterTheRecordsBeforeIt(Loss loss) {
        log.committed(loss.log().split("; "));
        for (var view : View.values()) {
            var follower = follower(view);
            assertThat(lsns(follower)).isEqualTo(loss.given());

            var error = failure(() -> follower.take(SOON));

            assertThat(error.code()).isEqualTo(ErrorCode.DATA_LOSS);
            assertThat(error).hasMessageContaining(loss.words() + " at offset " + loss.offset());
            assertThat(error.problem().numbers())
                    .containsEntry("lsn", (long) loss.given().size());
            assertThat(follower.here().next())
                    .as("the LSN after the returned records")
                    .isEqualTo(loss.given().size());
        }
    }

    @Test
    void fetchesNothingAfterALoss() {
        log.committed("6.0/0", "7.0 claim", "7.0/0");
        var follower = follower(View.LIVE);
        follower.take(SOON);
        var fetches = log.fetches();

        for (var again = 0; again < 3; again++) {
            assertThatThrownBy(() -> follower.take(SOON)).hasMessageContaining("used before");
        }

        assertThat(log.fetches()).isEqualTo(fetches);
    }

    @Test
    void aHoleInTheLiveViewIsNoLossUntilTheRecordBehindItIsCommitted() {
        log.committed("6.0/0", "6.0/2");
        checks.answer = Problem.of(ErrorCode.UNAVAILABLE, "look").exception();
        var follower = follower(View.LIVE);
        assertThat(lsns(follower)).containsExactly(0L);
        assertThatThrownBy(() -> follower.take(SOON)).isSameAs(checks.answer);

        checks.answer = null;

        assertThat(failure(() -> follower.take(SOON)).code()).isEqualTo(ErrorCode.DATA_LOSS);
    }

    @Test
    void aHoleInTheCommittedViewIsALossAtOnce() {
        log.committed("6.0/0", "6.0/2");
        checks.answer = Problem.of(ErrorCode.UNAVAILABLE, "look").exception();
        var follower = follower(View.COMMITTED);
        assertThat(lsns(follower)).containsExactly(0L);

        assertThat(failure(() -> follower.take(SOON)).code()).isEqualTo(ErrorCode.DATA_LOSS);
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void checksTheTopicAtTheFirstVoidRecord(View view) {
        log.committed("7.0/0", "3.0/0", "3.0/1");
        checks.topic = Problem.of(ErrorCode.NOT_FOUND, "read").exception();
        var follower = follower(view);
        assertThat(lsns(follower)).containsExactly(0L);

        assertThatThrownBy(() -> follower.take(SOON)).isSameAs(checks.topic);
        assertThatThrownBy(() -> follower.take(SOON)).as("again").isSameAs(checks.topic);
    }

    /** The log lost its end after the reader had read past it, and was written anew from a lower offset. */
    @ParameterizedTest
    @EnumSource(View.class)
    void aClaimWrittenBelowTheReadersOffsetIsALoss(View view) {
        log.committed("6.0/0", "7.0 claim", "7.0/1 snapshot", "7.0/1", "7.0/2");
        var follower = new LogFollower(
                FakeKafka.PCHANNEL,
                view,
                log.cursor(Isolation.UNCOMMITTED),
                new LogPoint(3, Position.after(new Stamp(6, 0), 2)),
                checks);

        var error = failure(() -> follower.take(SOON));

        assertThat(error.code()).isEqualTo(ErrorCode.DATA_LOSS);
        assertThat(error).hasMessageContaining("at offset 3").hasMessageContaining("where this reader had read before");
    }

    @Test
    void checksTheTopicOnceForRecordsOfAnUnclaimedStampAndSkipsThem() {
        var headers = new String[50];
        Arrays.setAll(headers, lsn -> lsn == 0 ? "7.0/0" : "9.0/" + lsn);
        log.committed(headers);
        log.committed("7.0/1");

        assertThat(lsns(follower(View.LIVE))).containsExactly(0L, 1L);

        assertThat(checks.topicLooks).isEqualTo(1);
    }

    @Test
    void checksTheTopicOnceForManyVoidRecords() {
        var headers = new String[50];
        Arrays.setAll(headers, lsn -> lsn == 0 ? "7.0/0" : "3.0/" + lsn);
        log.committed(headers);

        lsns(follower(View.LIVE));

        assertThat(checks.topicLooks).isEqualTo(1);
        assertThat(checks.counts.voids()).isEqualTo(49);
    }

    @Test
    void throwsOffsetGoneForADeletedOffset() {
        log.committed("6.0/0", "6.0/1");
        var follower = follower(View.LIVE);
        log.deleteBelow(1);

        assertThatThrownBy(() -> follower.take(SOON))
                .isInstanceOfSatisfying(
                        OffsetGoneException.class,
                        gone -> assertThat(gone.offset()).isZero());
    }

    @Test
    void givesUpWaitingForAnEndThatDoesNotCome() {
        log.committed("6.0/0");
        var cursor = log.cursor(Isolation.UNCOMMITTED).stuck();
        var follower = new LogFollower(FakeKafka.PCHANNEL, View.LIVE, cursor, START, checks);
        var before = time.elapsedMs();

        var error = failure(() -> follower.take(Duration.ZERO));

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("offset 0 after").hasMessageContaining("to get to offset 2");
        assertThat(time.elapsedMs() - before).isGreaterThanOrEqualTo(ScanDeadline.USUAL.toMillis());
    }

    @Test
    void itsPointIsAfterTheLastCompleteBatch() {
        log.committed("6.0/0", "6.0/1+1");
        var follower = follower(View.LIVE);

        lsns(follower);

        assertThat(follower.here()).isEqualTo(new LogPoint(1, Position.after(new Stamp(6, 0), 1)));
        assertThat(follower.isAt(log.end())).isTrue();
    }

    @Test
    void closesItsCursor() {
        follower(View.LIVE).close();

        assertThat(log.openCursors()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.0/0; 6.0/1", "6.0/1", "6.0/1+1", "6.0/1 snapshot", "6.0/0+0"})
    void reportsForgedRecords(String forged) {
        log.committed("6.0/0 snapshot", "6.0/0", "6.0/1");
        log.committed(forged.split("; "));
        for (var view : View.values()) {
            var follower = follower(view);
            assertThat(lsns(follower)).containsExactly(0L, 1L);

            var error = failure(() -> follower.take(SOON));

            assertThat(error.code()).isEqualTo(ErrorCode.FORGED);
            assertThat(error.problem().numbers()).containsEntry("lsn", 2L).containsEntry("offset", 4L);
        }
        assertThat(checks.told).as("the owner").hasSize(2);
        assertThat(checks.counts.forgeries()).isEqualTo(2);
    }

    @Test
    void skipsForgedRecordsIfALaterOwnerContinuedBehindThem() {
        log.committed("6.0/0", "6.0/1", "6.0/0", "6.0/1", "6.0/2", "6.0/2", "7.0 claim", "7.0/3 snapshot", "7.0/3");
        checks.superseded = new Stamp(7, 0);
        for (var view : View.values()) {
            assertThat(lsns(follower(view))).containsExactly(0L, 1L, 2L, 3L);
        }
        assertThat(checks.told).isEmpty();
        assertThat(checks.counts.forgeries()).isEqualTo(6);
    }

    @Test
    void isALossIfTheLaterOwnerContinuedWithAnotherNumber() {
        log.committed("6.0/0", "6.0/1", "6.0/0", "7.0 claim", "7.0/1 snapshot", "7.0/1");
        checks.superseded = new Stamp(7, 0);
        for (var view : View.values()) {
            var follower = follower(view);
            assertThat(lsns(follower)).containsExactly(0L, 1L);

            assertThat(failure(() -> follower.take(SOON)).code()).isEqualTo(ErrorCode.DATA_LOSS);
        }
    }

    @Test
    void reportsAHigherNumberThatTheOwnerDisownsAsForged() {
        log.committed("6.0/0", "6.0/100", "6.0/1");
        checks.disowned.add(1L);
        for (var view : View.values()) {
            var follower = follower(view);
            assertThat(lsns(follower)).containsExactly(0L);

            assertThat(failure(() -> follower.take(SOON)).code()).isEqualTo(ErrorCode.FORGED);
        }
        assertThat(checks.told).hasSize(2);
    }

    @Test
    void skipsAForgedHigherNumberIfALaterOwnerContinuedBehindIt() {
        log.committed("6.0/0", "6.0/100", "6.0/1", "6.0/2", "7.0 claim", "7.0/3 snapshot", "7.0/3");
        checks.superseded = new Stamp(7, 0);

        for (var view : View.values()) {
            var follower = follower(view);
            var read = new ArrayList<>(lsns(follower));
            read.addAll(lsns(follower));
            assertThat(read).containsExactly(0L, 1L, 2L, 3L);
        }
    }

    @Test
    void keepsDroppingRecordsBehindTheHoleOfABrokenLane() {
        log.aborted("6.0/0", "6.0/2", "6.0/1");
        log.committed("7.0 claim", "7.0/0@6", "7.0/1 snapshot", "7.0/1");
        checks.superseded = new Stamp(7, 0);
        checks.committed = false;

        assertThat(lsns(follower(View.LIVE))).containsExactly(0L, 1L);
    }

    @Test
    void recordsOfAnUnclaimedStampAreForeign() {
        log.committed("6.0 claim", "6.0/0", "9.0/0", "9.0 lease", "6.0/1");
        for (var view : View.values()) {
            assertThat(lsns(follower(view))).containsExactly(0L, 1L);
        }
        assertThat(checks.counts.foreign()).isEqualTo(4);
        assertThat(checks.passed).containsExactlyInAnyOrder(2L, 3L);
    }

    private LogFollower follower(View view) {
        var isolation = view == View.LIVE ? Isolation.UNCOMMITTED : Isolation.COMMITTED;
        return new LogFollower(FakeKafka.PCHANNEL, view, log.cursor(isolation), START, checks);
    }

    private static List<Long> lsns(LogFollower follower) {
        return follower.take(SOON).records().stream().map(LogRecord::lsn).toList();
    }

    private final class FakeChecks implements LogFollower.Checks {
        private final SkippedRecordCounters counts = new SkippedRecordCounters();
        private final Set<Long> disowned = new HashSet<>(); // offsets
        private final Set<Long> passed = new HashSet<>(); // offsets
        private final List<WalException> told = new ArrayList<>();
        private Stamp superseded = Stamp.NONE;
        private @Nullable RuntimeException topic;
        private @Nullable RuntimeException answer;
        private boolean committed = true;
        private int topicLooks;

        @Override
        public Time time() {
            return time;
        }

        @Override
        public SkippedRecordCounters counts() {
            return counts;
        }

        @Override
        public boolean disowns(LogEntry entry) {
            return disowned.contains(entry.offset());
        }

        @Override
        public boolean isClaimedBefore(Stamp stamp, long offset) {
            return log.committed().stream()
                    .limit(offset)
                    .anyMatch((stamp.term() + "." + stamp.epoch() + " claim")::equals);
        }

        @Override
        public boolean isSuperseded(Stamp stamp) {
            return superseded.isAbove(stamp);
        }

        @Override
        public void passedOver(LogEntry entry) {
            passed.add(entry.offset());
        }

        @Override
        public boolean forged(LogEntry entry, WalException found) {
            told.add(found);
            return true;
        }

        @Override
        public boolean isCommitted(long offset) {
            if (answer != null) {
                throw answer;
            }
            return committed;
        }

        @Override
        public void sameTopic() {
            topicLooks++;
            if (topic != null) {
                throw topic;
            }
        }
    }
}
