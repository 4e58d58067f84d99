package io.seawall.node.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.node.StepClock;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.serve.WorkerPool;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PollLimits;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers and shared tails in one thread: the test calls the steps of the tails. */
class TailingReaderTest {
    private static final PollLimits LIMITS = new PollLimits(1_000, 1 << 20);

    /** Room for some 20 records of the log. */
    private static final TailLimits SMALL = new TailLimits(2, 5_000, Duration.ofSeconds(10));

    private final TestLog log = new TestLog();
    private final StepClock clock = new StepClock();
    private final NodeMetrics metrics = new NodeMetrics(List::of);
    private final Deque<Tail> followed = new ArrayDeque<>();
    private final Tails tails = new Tails(log, SMALL, metrics, clock, new WorkerPool("unused", 1, 0), followed::add);
    private final AtomicInteger changes = new AtomicInteger();

    @AfterEach
    void close() {
        tails.close();
        metrics.close();
    }

    private TailingReader open(StartPosition from) {
        return TailingReader.open(tails, TestLog.ORDERS, from, View.LIVE, true, changes::incrementAndGet);
    }

    private TailingReader atTail() {
        return open(StartPosition.tail());
    }

    /** Lets the only tail read once; returns whether it goes on. */
    private boolean step() {
        return followed.getFirst().step();
    }

    private static List<LogRecord> take(TailingReader reader) {
        return records(reader.take(LIMITS));
    }

    private static List<LogRecord> poll(TailingReader reader) {
        return records(reader.poll(LIMITS, Duration.ZERO));
    }

    private static List<LogRecord> records(List<RecordSlice> slices) {
        return slices.stream().flatMap(slice -> slice.records().stream()).toList();
    }

    private static Long[] lsns(long from, long to) {
        return LongStream.range(from, to).boxed().toArray(Long[]::new);
    }

    private String meter(String name) {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("none");
    }

    @Test
    void readersAtTheTailHaveOneReaderOfTheLog() {
        log.append(3);
        var readers = List.of(atTail(), atTail(), open(StartPosition.atLsn(3)));

        log.append(2);
        step();

        assertThat(log.opened).isEqualTo(1);
        assertThat(followed).hasSize(1);
        assertThat(readers).allSatisfy(reader -> {
            assertThat(reader.isShared()).isTrue();
            assertThat(reader.nextLsn()).isEqualTo(3);
            assertThat(reader.isAtTail()).isFalse();
            assertThat(take(reader)).extracting(LogRecord::lsn).containsExactly(3L, 4L);
            assertThat(reader.isAtTail()).isTrue();
            assertThat(take(reader)).isEmpty();
        });
        assertThat(meter("seawall_readers_tails")).isEqualTo("1.0");
        assertThat(meter("seawall_readers_following")).isEqualTo("3.0");
    }

    @Test
    void listenersAreCalledAlsoIfNothingIsNew() {
        atTail();
        atTail();

        step();

        assertThat(changes).hasValue(2);
    }

    @Test
    void aReaderFromTheStartReadsByItselfUntilItHasAllThereIsAndSharesThen() {
        log.append(10);
        log.mostRecords = 4;
        var reader = open(StartPosition.oldest());
        assertThat(reader.isShared()).isFalse();

        var read = new ArrayList<LogRecord>();
        while (!reader.isShared()) {
            read.addAll(poll(reader));
        }
        log.append(1);
        step();
        read.addAll(take(reader));

        assertThat(read).isEqualTo(log.records);
        assertThat(log.opened).isEqualTo(1);
    }

    @Test
    void aReaderJoinsAtExactlyItsNextRecordInTheMiddleOfABatch() {
        var first = atTail();
        log.append(10);
        step();
        log.mostRecords = 3;
        var later = open(StartPosition.oldest());

        var read = poll(later);

        assertThat(read).extracting(LogRecord::lsn).containsExactly(0L, 1L, 2L);
        assertThat(later.isShared()).isTrue();
        assertThat(take(later)).extracting(LogRecord::lsn).containsExactly(lsns(3, 10));
        assertThat(log.open).as("its own reader is closed").isEqualTo(1);
        assertThat(take(first)).hasSize(10);
    }

    @Test
    void aReaderThatFallsBehindReadsByItselfAndComesBack() {
        var fast = atTail();
        var slow = atTail();
        for (var round = 0; round < 10; round++) {
            log.append(10);
            step();
            assertThat(take(fast)).hasSize(10);
        }

        assertThat(slow.hasMore()).isTrue();
        assertThat(take(slow)).isEmpty();
        assertThat(slow.isShared()).isFalse();
        assertThat(slow.nextLsn()).isZero();
        log.mostRecords = 7;
        var read = new ArrayList<LogRecord>();
        while (!slow.isShared()) {
            read.addAll(poll(slow));
        }
        read.addAll(take(slow));

        assertThat(read).isEqualTo(log.records);
        assertThat(log.opened).isEqualTo(2);
        assertThat(log.open).isEqualTo(1);
        assertThat(meter("seawall_readers_behind_total")).isEqualTo("1.0");
    }

    @Test
    void aReaderThatIsFarBehindDoesNotJoinJustToLeaveAgain() {
        atTail();
        log.mostRecords = 1;
        log.append(18); // fills most of the room
        for (var at = 0; at < 18; at++) {
            step();
        }

        var reader = open(StartPosition.oldest());
        while (!reader.isShared()) {
            assertThat(poll(reader)).hasSize(1);
        }

        assertThat(reader.nextLsn()).isBetween(7L, 12L);
    }

    @Test
    void whatIsKeptIsBoundedAlsoWithItsEncodings() {
        var fast = atTail();
        RecordEncoder doubled = records -> new EncodedRecords(
                new byte[2 * TestLog.VALUE_BYTES * records.size()],
                LongStream.rangeClosed(1, records.size())
                        .mapToInt(at -> (int) at * 2 * TestLog.VALUE_BYTES)
                        .toArray());
        for (var round = 0; round < 20; round++) {
            log.append(4);
            step();
            fast.take(LIMITS).forEach(slice -> slice.encoded(doubled));
            assertThat(followed.getFirst().bytes()).isLessThanOrEqualTo(SMALL.bytes());
        }
        log.append(100);
        step();

        assertThat(take(fast)).as("the newest batch stays, however large").hasSize(100);
    }

    @Test
    void aBatchIsEncodedOnceForAllReaders() {
        var encodings = new AtomicInteger();
        RecordEncoder encoder = records -> {
            encodings.incrementAndGet();
            var bytes = new byte[records.size()];
            var ends = new int[records.size()];
            for (var at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) records.get(at).lsn();
                ends[at] = at + 1;
            }
            return new EncodedRecords(bytes, ends);
        };
        var readers = List.of(atTail(), atTail(), atTail());
        log.append(5);
        step();

        for (var reader : readers) {
            var head = reader.take(new PollLimits(2, 1 << 20)).get(0).encoded(encoder);
            var rest = reader.take(LIMITS).get(0).encoded(encoder);
            assertThat(List.of(head.get(), head.get())).containsExactly((byte) 0, (byte) 1);
            assertThat(head.hasRemaining()).isFalse();
            assertThat(List.of(rest.get(), rest.get(), rest.get())).containsExactly((byte) 2, (byte) 3, (byte) 4);
            assertThat(rest.hasRemaining()).isFalse();
        }

        assertThat(encodings).hasValue(1);
    }

    @Test
    void limitsCutBatchesAndJoinThem() {
        var reader = atTail();
        for (var round = 0; round < 4; round++) {
            log.append(3);
            step();
        }

        var counts = new ArrayList<Integer>();
        for (var taken = reader.take(new PollLimits(5, 1 << 20));
                !taken.isEmpty();
                taken = reader.take(new PollLimits(5, 4 * TestLog.VALUE_BYTES))) {
            counts.add(records(taken).size());
        }

        assertThat(counts).containsExactly(5, 4, 3);
    }

    @Test
    void aRecordAboveTheLimitComesAlone() {
        var reader = atTail();
        log.append(2);
        step();

        assertThat(records(reader.take(new PollLimits(5, 1)))).hasSize(1);
        assertThat(records(reader.take(new PollLimits(5, 1)))).hasSize(1);
    }

    @Test
    void aTailWithoutReadersIsKeptForAMomentAndThenClosed() {
        atTail().close();
        clock.forward(Duration.ofSeconds(9));
        assertThat(step()).isTrue();
        var again = atTail();
        assertThat(log.opened).isEqualTo(1);
        clock.forward(Duration.ofSeconds(60));
        assertThat(step()).as("it has a reader").isTrue();

        again.close();
        clock.forward(Duration.ofSeconds(10));

        assertThat(step()).isFalse();
        assertThat(log.open).isZero();
        assertThat(meter("seawall_readers_tails")).isEqualTo("0.0");
        assertThat(atTail().isShared()).isTrue();
        assertThat(followed).hasSize(2);
    }

    @Test
    void anErrorComesToEachReaderBehindTheRecordsBeforeIt() {
        var readers = List.of(atTail(), atTail());
        log.append(3);
        log.errorAt = 2;
        log.error = Problem.of(ErrorCode.DATA_LOSS, "read orders-0").exception();
        step();
        var before = changes.get();

        assertThat(step()).isFalse();

        assertThat(changes).as("both are told").hasValue(before + 2);
        assertThat(readers).allSatisfy(reader -> {
            assertThat(reader.hasMore()).isTrue();
            assertThat(take(reader)).hasSize(2);
            assertThat(reader.hasMore()).isTrue();
            assertThatThrownBy(() -> take(reader)).isSameAs(log.error);
        });
        assertThat(log.open).isZero();
        log.error = null;
        assertThat(open(StartPosition.atLsn(3)).isShared()).as("a new tail").isTrue();
        assertThat(log.opened).isEqualTo(2);
    }

    @Test
    void aRecordThatIsKnownAndDoesNotComeIsAnError() {
        var reader = atTail();
        log.append(1);
        log.visible = 0;
        clock.forward(Duration.ofSeconds(6)); // the bounds are asked for
        assertThat(step()).isTrue();
        clock.forward(Duration.ofSeconds(11));

        assertThat(step()).isFalse();

        var late = catchThrowableOfType(WalException.class, () -> take(reader));
        assertThat(late.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(late).hasMessageContaining("no record at LSN 0 within 10000 ms, with the tail at 1");
    }

    @Test
    void theTimeForALateRecordBeginsAgainWithAReaderOfItsOwn() {
        var slow = atTail();
        var fast = atTail();
        for (var round = 0; round < 10; round++) {
            log.append(10);
            step();
            take(fast);
        }
        clock.forward(Duration.ofMinutes(1));
        take(slow);

        log.visible = 0;

        assertThat(poll(slow)).as("nothing yet, and no error").isEmpty();
        log.visible = Long.MAX_VALUE;
        assertThat(poll(slow)).hasSize(100);
    }

    @Test
    void theBoundsAreAskedForOnceForAll() {
        var readers = List.of(atTail(), atTail(), atTail());
        var before = log.asked;
        log.append(2);
        log.oldest = 1;
        clock.forward(Duration.ofSeconds(5));

        step();
        step();

        assertThat(log.asked).isEqualTo(before + 1);
        assertThat(readers).allSatisfy(reader -> {
            assertThat(reader.bounds().tail()).isEqualTo(2);
            assertThat(reader.bounds().oldest()).isEqualTo(1);
        });
    }

    @Test
    void aReaderAtTheTailGetsNothingFromBeforeItCame() {
        var first = atTail();
        log.append(2); // not read by the shared reader yet

        var second = atTail();
        log.append(1);
        step();

        assertThat(take(first)).hasSize(3);
        assertThat(take(second)).extracting(LogRecord::lsn).containsExactly(2L);
    }

    @Test
    void aStartThatWasTrimmedIsRefusedThoughItsRecordIsStillKept() {
        atTail();
        log.append(3);
        step();
        log.oldest = 2;

        var refused = catchThrowableOfType(WalException.class, () -> open(StartPosition.atLsn(1)));

        assertThat(refused.code()).isEqualTo(ErrorCode.TRIMMED);
        assertThat(open(StartPosition.atLsn(2)).isShared()).isTrue();
    }

    @Test
    void aStartBeyondTheTailIsRefused() {
        atTail();

        var refused = catchThrowableOfType(WalException.class, () -> open(StartPosition.atLsn(1)));

        assertThat(refused.code()).isEqualTo(ErrorCode.BEYOND_TAIL);
    }

    @Test
    void aLogThatWasCreatedAgainIsNotSharedWithItsPredecessor() {
        var old = atTail();
        log.logId = "second";

        var young = atTail();
        log.append(1);
        followed.forEach(Tail::step);

        assertThat(followed).hasSize(2);
        assertThat(take(old)).hasSize(1);
        assertThat(take(young)).hasSize(1);
    }

    @Test
    void aReaderOfALogThatIsCreatedAgainMeanwhileIsNotShared() {
        log.append(1);
        var reader = open(StartPosition.oldest());
        log.logId = "second";

        assertThat(poll(reader)).hasSize(1);

        assertThat(reader.isShared()).isFalse();
        assertThat(followed).isEmpty();
    }

    @Test
    void aReaderWhoseLogLostItsEndMeanwhileDoesNotJoinWhatWasWrittenInstead() {
        log.append(5);
        var before = open(StartPosition.oldest());
        assertThat(poll(before)).hasSize(5);
        assertThat(before.isShared()).isTrue();
        before.close();
        log.mostRecords = 5;
        var reader = open(StartPosition.oldest());
        log.append(1);
        step();
        // Another record with the LSN that the shared reader read last, as after a loss.
        var other = log.records.get(4);
        log.records.set(4, new LogRecord(4, 8, 1_000, other.offset() + 10, WalRecord.of(new byte[] {1})));

        assertThat(poll(reader)).hasSize(5);

        assertThat(reader.isShared()).isFalse();
    }

    @Test
    void thereAreNoMoreTailsThanTheLimit() {
        var first = atTail();
        log.logId = "second";
        var second = atTail();
        log.logId = "third";

        var third = atTail();

        assertThat(List.of(first, second)).allMatch(TailingReader::isShared);
        assertThat(third.isShared()).isFalse();
        log.append(1);
        assertThat(poll(third)).hasSize(1);
        assertThat(third.isShared()).isFalse();
    }

    @Test
    void aReadThatEndsAtTheTailSharesNothing() {
        var reader = TailingReader.open(tails, TestLog.ORDERS, StartPosition.tail(), View.LIVE, false, () -> {});

        assertThat(poll(reader)).isEmpty();

        assertThat(reader.isShared()).isFalse();
        assertThat(followed).isEmpty();
    }

    @Test
    void eachViewOfALogHasATailOfItsOwn() {
        atTail();
        TailingReader.open(tails, TestLog.ORDERS, StartPosition.tail(), View.COMMITTED, true, () -> {});

        assertThat(followed).hasSize(2);
    }

    @Test
    void readersOfANodeThatStopsAreTold() {
        var reader = atTail();

        tails.close();

        var stopped = catchThrowableOfType(WalException.class, () -> take(reader));
        assertThat(stopped.code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(step()).isFalse();
        assertThat(log.open).isZero();
        assertThat(atTail().isShared()).as("no new tail").isFalse();
    }

    @Test
    void aReaderThatCannotBeOpenedLeavesNothingOpen() {
        assertThatThrownBy(() -> open(StartPosition.atLsn(5))).isInstanceOf(WalException.class);

        assertThat(log.open).isZero();
        assertThat(followed).isEmpty();
    }
}
