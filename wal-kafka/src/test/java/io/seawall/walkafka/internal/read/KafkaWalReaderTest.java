package io.seawall.walkafka.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.LiveRule.Position;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests a reader on a partition in memory: the records that it returns, and its reactions to holes, losses and trims. */
class KafkaWalReaderTest {
    private static final PChannel PCHANNEL = new PChannel("orders", 0);

    private final ManualTime time = new ManualTime();
    private final FakePartition log = new FakePartition(time);
    private final FakeChecks checks = new FakeChecks();
    private int step = Integer.MAX_VALUE; // records per fetch
    private boolean slow; // whether the first fetch returns nothing

    @Test
    void returnsLiveRecordsOnceAndInOrder() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1", "6.0/2");
        log.committed("7.0 claim", "7.0/1@6", "7.0/2@6", "7.0/3 snapshot", "7.0/3");
        log.open("7.0/4");

        var lsns = lsns(reader(View.LIVE, 0).poll(100, Duration.ZERO));

        assertThat(lsns).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void theCommittedViewReturnsCopiesAndNoUncommittedRecords() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1");
        log.committed("7.0 claim", "7.0/1@6", "7.0/2 snapshot");
        log.open("7.0/2");

        var records = reader(View.COMMITTED, 0).poll(100, Duration.ZERO);

        assertThat(lsns(records)).containsExactly(0L, 1L);
        assertThat(records.get(1).term()).as("the term that wrote it first").isEqualTo(6);
        assertThat(records.get(1).offset()).as("the copy").isEqualTo(6);
    }

    @Test
    void returnsABatchOnlyWhenItIsComplete() {
        log.committed("6.0/0");
        log.open("6.0/1+1");
        var reader = reader(View.LIVE, 0);
        var before = lsns(reader.poll(100, Duration.ofSeconds(1)));
        log.open("6.0/2+0");

        var after = lsns(reader.poll(100, Duration.ofSeconds(1)));

        assertThat(before).containsExactly(0L);
        assertThat(after).containsExactly(1L, 2L);
    }

    @Test
    void returnsAtMostTheRequestedNumberAndReportsTheNextLsn() {
        log.committed("6.0/0", "6.0/1", "6.0/2");
        var reader = reader(View.LIVE, 0);

        var first = lsns(reader.poll(2, Duration.ZERO));

        assertThat(first).containsExactly(0L, 1L);
        assertThat(reader.nextLsn()).isEqualTo(2);
        assertThat(lsns(reader.poll(2, Duration.ZERO))).containsExactly(2L);
        assertThat(reader.nextLsn()).isEqualTo(3);
    }

    @Test
    void stopsAtTheBytesOfItsLimitsInsideABatchToo() {
        log.committed("6.0/0", "6.0/1", "6.0/2+1", "6.0/3+0"); // values of 5, 5, 7 and 7 bytes
        var reader = reader(View.LIVE, 0);
        var limits = PollLimits.records(100).withMaxBytes(13);

        var first = lsns(reader.poll(limits, Duration.ZERO));

        assertThat(first).containsExactly(0L, 1L);
        assertThat(reader.nextLsn()).isEqualTo(2);
        assertThat(lsns(reader.poll(limits, Duration.ZERO))).containsExactly(2L);
        assertThat(lsns(reader.poll(limits, Duration.ZERO))).containsExactly(3L);
        assertThat(reader.nextLsn()).isEqualTo(4);
    }

    @Test
    void returnsARecordAboveTheBytesOfItsLimitsAlone() {
        log.committed("6.0/0", "6.0/1");
        var reader = reader(View.LIVE, 0);
        var limits = PollLimits.records(100).withMaxBytes(1);

        var first = lsns(reader.poll(limits, Duration.ZERO));

        assertThat(first).containsExactly(0L);
        assertThat(lsns(reader.poll(limits, Duration.ZERO))).containsExactly(1L);
    }

    @Test
    void refusesAPollOfNoRecords() {
        var reader = reader(View.LIVE, 0);

        assertThatIllegalArgumentException().isThrownBy(() -> reader.poll(0, Duration.ZERO));
    }

    @Test
    void skipsRecordsBelowItsStartInsideABatchToo() {
        log.committed("6.0/0+2", "6.0/1+1", "6.0/2+0");

        var lsns = lsns(reader(View.LIVE, 1).poll(100, Duration.ZERO));

        assertThat(lsns).containsExactly(1L, 2L);
    }

    @Test
    void returnsAvailableRecordsEvenWithoutWaiting() {
        log.committed("6.0/0");
        slow = true;

        var lsns = lsns(reader(View.LIVE, 0).poll(100, Duration.ZERO));

        assertThat(lsns).containsExactly(0L);
    }

    @Test
    void waitsNoLongerThanTheGivenTime() {
        log.committed("6.0/0");
        var reader = reader(View.LIVE, 1);
        reader.poll(1, Duration.ZERO);
        var before = time.elapsedMs();

        var records = reader.poll(1, Duration.ofMillis(1_700));

        assertThat(records).isEmpty();
        assertThat(time.elapsedMs() - before).isBetween(1_700L, 2_200L);
    }

    @Test
    void noticesWithinSecondsThatItsTopicIsDeleted() {
        log.committed("6.0/0");
        var reader = reader(View.LIVE, 1);
        reader.poll(1, Duration.ZERO);
        checks.topicError = Problem.of(ErrorCode.NOT_FOUND, "look").exception();

        assertThat(reader.poll(1, Duration.ofSeconds(5))).isEmpty();
        assertThatThrownBy(() -> reader.poll(1, Duration.ofSeconds(15))).isSameAs(checks.topicError);
    }

    @Test
    void continuesWithTheSameRecordAfterACheckThatFailed() {
        log.committed("6.0/0");
        log.committed("7.0/1 snapshot");
        log.open("6.0/1", "7.0/1", "7.0/2"); // the first is void, so the reader checks the topic
        var reader = reader(View.LIVE, 0);
        checks.topicError = Problem.of(ErrorCode.UNAVAILABLE, "look").exception();
        var before = lsns(reader.poll(100, Duration.ZERO));
        assertThatThrownBy(() -> reader.poll(100, Duration.ZERO)).isSameAs(checks.topicError);
        checks.topicError = null;

        var after = lsns(reader.poll(100, Duration.ZERO));

        assertThat(before).containsExactly(0L);
        assertThat(after).containsExactly(1L, 2L);
    }

    @Test
    void aLossEndsTheReaderAfterAllRecordsBeforeIt() {
        log.committed("6.0/0", "6.0/1");
        log.committed("7.0 claim", "7.0/1", "7.0/2"); // 1 was used twice
        var reader = reader(View.LIVE, 0);

        assertThat(lsns(reader.poll(100, Duration.ZERO))).containsExactly(0L, 1L);
        for (var again = 0; again < 3; again++) {
            assertLoss(reader);
        }
    }

    @Test
    void aGapInTheCommittedViewIsALoss() {
        log.committed("6.0/0", "6.0/2");
        var reader = reader(View.COMMITTED, 0);

        assertThat(lsns(reader.poll(100, Duration.ZERO))).containsExactly(0L);
        assertLoss(reader);
    }

    @Test
    void aHoleInTheLiveViewIsHeldUntilAHigherStampComes() {
        log.committed("6.0/0");
        log.aborted("6.0/2", "6.0/3");
        var reader = reader(View.LIVE, 0);
        assertThat(lsns(reader.poll(100, Duration.ZERO))).containsExactly(0L);
        assertThat(reader.poll(100, Duration.ofSeconds(1))).isEmpty();
        log.committed("7.0/1 snapshot", "7.0/1");

        var lsns = lsns(reader.poll(100, Duration.ofSeconds(1)));

        assertThat(lsns).containsExactly(1L);
    }

    @Test
    void aHoleIsALossIfTheRecordBehindItIsCommitted() {
        log.committed("6.0/0", "6.0/2");
        var reader = reader(View.LIVE, 0);
        reader.poll(100, Duration.ZERO);

        assertLoss(reader);
    }

    @Test
    void checksAHoleEvenIfRecordsKeepComing() {
        var headers = new String[200];
        headers[0] = "6.0/0";
        for (var index = 1; index < headers.length; index++) {
            headers[index] = "6.0/" + (index + 1);
        }
        log.committed(headers);
        step = 1;
        var reader = reader(View.LIVE, 0);
        reader.poll(1, Duration.ZERO);

        assertLoss(reader);
        assertThat(reader.next()).isEqualTo(1);
        assertThat(checks.looks).isEqualTo(1);
        assertThat(time.elapsedMs()).as("without waiting for the end").isEqualTo(1_000);
    }

    @Test
    void skipsForeignRecords() {
        log.committed("hello", "6.0/0", "6.0/zero", "6.0/1");

        var lsns = lsns(reader(View.LIVE, 0).poll(100, Duration.ZERO));

        assertThat(lsns).containsExactly(0L, 1L);
    }

    @Test
    void throwsTheErrorForAnOffsetThatIsGone() {
        log.committed("6.0/0", "6.0/1");
        log.deleteBelow(1);
        checks.goneError = Problem.of(ErrorCode.TRIMMED, "read").exception();
        var reader = reader(View.LIVE, 0);

        assertThatThrownBy(() -> reader.poll(1, Duration.ZERO)).isSameAs(checks.goneError);
    }

    @Test
    void readUntilGivesUpIfTheEndDoesNotCome() {
        log.committed("6.0/0");
        var reader = reader(View.LIVE, 0);

        assertThatThrownBy(() -> reader.readUntil(1_000, () -> false))
                .isInstanceOfSatisfying(
                        WalException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void returnsOnlyLaterRecordsAfterASkipToTheEnd() {
        log.committed("6.0/0", "6.0/1");
        var reader = reader(View.LIVE, 0);
        reader.skipTo(log.end());
        var next = reader.nextLsn();
        log.committed("6.0/2");

        assertThat(next).isEqualTo(2);
        assertThat(lsns(reader.poll(100, Duration.ofSeconds(1)))).containsExactly(2L);
    }

    private static void assertLoss(KafkaWalReader reader) {
        assertThatThrownBy(() -> reader.poll(100, Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        WalException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.DATA_LOSS));
    }

    private static List<Long> lsns(List<LogRecord> records) {
        return records.stream().map(LogRecord::lsn).toList();
    }

    private KafkaWalReader reader(View view, long from) {
        var isolation = view == View.LIVE ? Isolation.UNCOMMITTED : Isolation.COMMITTED;
        var cursor = log.cursor(isolation).inSteps(step);
        var start = new LogPoint(0, Position.after(Stamp.NONE, 0));
        var feed = new LogFollower(PCHANNEL, view, slow ? new SlowToStart(cursor) : cursor, start, checks);
        var reader = new KafkaWalReader(PCHANNEL, feed, checks);
        reader.startAt(from);
        return reader;
    }

    /** Returns nothing from the first fetch, as Kafka's consumer may do with a short poll although there are records. */
    private static final class SlowToStart implements LogCursor {
        private final LogCursor cursor;
        private boolean started;

        SlowToStart(LogCursor cursor) {
            this.cursor = cursor;
        }

        @Override
        public CompletableFuture<Range> range() {
            return cursor.range();
        }

        @Override
        public CompletableFuture<Fetched> fetch(long from, Duration wait) {
            var first = !started;
            started = true;
            return first ? CompletableFuture.completedFuture(new Fetched(List.of(), from)) : cursor.fetch(from, wait);
        }

        @Override
        public CompletableFuture<OptionalLong> offsetAt(long timestampMs) {
            return cursor.offsetAt(timestampMs);
        }

        @Override
        public void close() {
            cursor.close();
        }
    }

    private final class FakeChecks implements LogFollower.Checks, KafkaWalReader.Feeds {
        private final SkippedRecordCounters counts = new SkippedRecordCounters();
        private final Set<Long> disowned = new HashSet<>(); // offsets
        private final Set<Long> passed = new HashSet<>(); // offsets
        private final List<WalException> told = new ArrayList<>();
        private Stamp superseded = Stamp.NONE;
        private @Nullable RuntimeException topicError;
        private RuntimeException goneError = new IllegalStateException("not expected");
        private int looks;

        @Override
        public Time time() {
            return time;
        }

        @Override
        public SkippedRecordCounters counts() {
            return counts;
        }

        @Override
        public Feed own(LogPoint from) {
            return new LogFollower(PCHANNEL, View.LIVE, log.cursor(Isolation.UNCOMMITTED), from, this);
        }

        @Override
        public Feed shared(Feed feed) {
            return feed;
        }

        @Override
        public void took(Chunk chunk) {}

        @Override
        public void closed(KafkaWalReader reader) {}

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
            looks++;
            return log.entries(Isolation.COMMITTED).stream().anyMatch(entry -> entry.offset() == offset);
        }

        @Override
        public void sameTopic() {
            if (topicError != null) {
                throw topicError;
            }
        }

        @Override
        public LogPoint findAgain(OffsetGoneException gone, long nextLsn) {
            throw goneError;
        }
    }
}
