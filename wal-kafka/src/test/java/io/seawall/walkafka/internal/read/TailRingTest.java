package io.seawall.walkafka.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.fake.ThrownErrors;
import io.seawall.walkafka.internal.scan.LsnIndexes;
import io.seawall.walkafka.internal.scan.Owners;
import io.seawall.walkafka.port.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that many readers at the tail of one log share a consumer, and that each of them gets every record. */
class TailRingTest {
    private static final PChannel PCHANNEL = new PChannel("orders", 0);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final FakePartition log = new FakePartition(time);
    private CompletableFuture<TopicAdmin.Facts> topic = topic("id");
    private final KafkaReaders readers = new KafkaReaders(
            (pchannel, isolation) -> log.cursor(isolation), name -> topic, time, new LsnIndexes(), new Owners());
    private long nextLsn;

    TailRingTest() {
        log.committed("1.0 claim", "1.0/0 snapshot");
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void readersAtTheTailShareOneConsumerAndEachGetsEverything(View view) {
        var all = IntStream.range(0, 50).mapToObj(each -> atTail(view)).toList();
        all.forEach(reader -> assertThat(reader.poll(10, Duration.ZERO)).isEmpty());
        append(5);

        assertThat(all).allSatisfy(reader -> assertThat(lsns(reader)).containsExactly(0L, 1L, 2L, 3L, 4L));

        assertThat(log.openCursors()).isEqualTo(1);
        assertThat(readers.stats().sharedTails()).isEqualTo(1);
        all.forEach(WalReader::close);
        assertThat(log.openCursors()).isZero();
        assertThat(readers.stats().sharedTails()).isZero();
    }

    @Test
    void oneFetchServesAll() {
        var all = IntStream.range(0, 50)
                .mapToObj(each -> quiet(atTail(View.LIVE)))
                .toList();
        append(1);
        var before = log.fetches();

        all.forEach(reader -> assertThat(lsns(reader)).containsExactly(0L));

        assertThat(log.fetches() - before).isEqualTo(1);
    }

    @Test
    void eachViewHasItsOwnSharedConsumer() {
        var live = quiet(atTail(View.LIVE));
        var committed = quiet(atTail(View.COMMITTED));
        log.open("1.0/0");

        assertThat(lsns(live)).containsExactly(0L);
        assertThat(lsns(committed)).isEmpty();
        assertThat(readers.stats().sharedTails()).isEqualTo(2);
    }

    @Test
    void aReaderThatFallsBehindLosesNothingAndJoinsAgain() {
        var slow = quiet(atTail(View.LIVE));
        var fast = quiet(atTail(View.LIVE));
        append(10);
        assertThat(lsns(slow)).isEqualTo(lsns(fast)).hasSize(10);
        var last = 0L;
        for (var round = 0; round < 30; round++) {
            append(1_000);
            last = lsns(fast).get(999);
        }
        assertThat(last).as("the fast reader did not wait").isEqualTo(30_009);

        var late = new ArrayList<Long>();
        while (late.size() < 30_000) {
            late.addAll(lsns(slow));
        }

        assertThat(late).isEqualTo(LongStream.range(10, 30_010).boxed().toList());
        assertThat(log.openCursors()).as("the slow reader has its own").isEqualTo(2);
        assertThat(lsns(slow)).isEmpty();
        assertThat(log.openCursors()).as("it has caught up and shares again").isEqualTo(1);
    }

    @Test
    void aSlowReaderWithinTheBoundsStaysInTheRing() {
        var slow = quiet(atTail(View.LIVE));
        var fast = quiet(atTail(View.LIVE));
        for (var round = 0; round < 5; round++) {
            append(1_000);
            lsns(fast);
        }
        var before = log.fetches();

        var late = new ArrayList<Long>();
        while (late.size() < 5_000) {
            late.addAll(lsns(slow));
        }

        assertThat(late).isSorted().doesNotHaveDuplicates();
        assertThat(log.fetches()).as("from memory").isEqualTo(before);
    }

    @Test
    void aReaderFromFurtherBackJoinsAtTheTail() {
        append(100);
        var tail = quiet(atTail(View.LIVE));
        append(3);
        lsns(tail);
        try (var reader = readers.open(PCHANNEL, StartPosition.atLsn(20), View.LIVE)) {
            var read = lsns(reader);
            assertThat(log.openCursors()).isEqualTo(2);

            assertThat(lsns(reader)).isEmpty();

            assertThat(read).isEqualTo(LongStream.range(20, 103).boxed().toList());
            assertThat(log.openCursors()).isEqualTo(1);
            append(1);
            assertThat(lsns(reader)).containsExactly(103L);
            assertThat(lsns(tail)).containsExactly(103L);
        }
    }

    @Test
    void aReaderOpenedAtTheTailDoesNotGetEarlierRecords() {
        var first = quiet(atTail(View.LIVE));
        append(5); // nobody has fetched them

        var second = atTail(View.LIVE);
        append(1);

        assertThat(second.nextLsn()).isEqualTo(5);
        assertThat(lsns(second)).containsExactly(5L);
        var read = new ArrayList<>(lsns(first));
        read.addAll(lsns(first));
        assertThat(read).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aLossReachesEachReaderAfterTheRecordsBeforeIt() {
        var one = quiet(atTail(View.LIVE));
        var two = quiet(atTail(View.LIVE));
        log.committed("1.0/0", "1.0/1");
        log.committed("2.0 claim", "2.0/1", "2.0/2"); // 1 was used twice

        for (var reader : List.of(one, two)) {
            assertThat(lsns(reader)).containsExactly(0L, 1L);
            assertThat(failure(reader).code()).isEqualTo(ErrorCode.DATA_LOSS);
            assertThat(failure(reader).code()).as("again").isEqualTo(ErrorCode.DATA_LOSS);
        }
    }

    @Test
    void aTrimReachesEachReaderWithItsBounds() {
        var one = quiet(atTail(View.LIVE));
        var two = quiet(atTail(View.LIVE));
        append(5);
        log.deleteBelow(log.end() - 2); // the last record and its marker

        for (var reader : List.of(one, two)) {
            var error = failure(reader);

            assertThat(error.code()).isEqualTo(ErrorCode.TRIMMED);
            assertThat(error.problem().numbers()).containsEntry("oldest", 4L).containsEntry("tail", 5L);
        }
    }

    @Test
    void aReplacedTopicEndsAllReaders() {
        var one = quiet(atTail(View.LIVE));
        var two = quiet(atTail(View.LIVE));
        topic = topic("another id");
        time.advance(20_000);

        for (var reader : List.of(one, two)) {
            assertThat(failure(reader).code()).isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void aRetryableErrorDoesNotEndTheRing() {
        var one = quiet(atTail(View.LIVE));
        var two = quiet(atTail(View.LIVE));
        topic = CompletableFuture.failedFuture(
                Problem.of(ErrorCode.UNAVAILABLE, "look").exception());
        time.advance(20_000);
        assertThat(failure(one).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        topic = topic("id");
        append(1);

        assertThat(lsns(one)).containsExactly(0L);
        assertThat(lsns(two)).containsExactly(0L);
    }

    @Test
    void aClosedReaderFailsAndTheOthersContinue() {
        var one = quiet(atTail(View.LIVE));
        var two = quiet(atTail(View.LIVE));
        append(1);

        one.close();
        one.close();

        assertThat(failure(one).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(lsns(two)).containsExactly(0L);
    }

    /** Readers take turns to fetch, so one that opens must not have to wait for a moment in which nobody does. */
    @Test
    void aReaderIsOpenedAtTheTailWhileAnotherFetches() {
        var leader = quiet(atTail(View.LIVE));
        append(1);
        assertThat(lsns(leader)).containsExactly(0L);
        assertThat(leader.poll(10, Duration.ZERO)).isEmpty();
        var opened = new CompletableFuture<WalReader>();
        log.nextFetch(() -> opened.completeAsync(() -> atTail(View.LIVE))
                .orTimeout(10, TimeUnit.SECONDS)
                .join());

        assertThat(leader.poll(1, Duration.ZERO)).isEmpty();

        append(1);
        assertThat(lsns(opened.join())).containsExactly(1L);
        assertThat(lsns(leader)).containsExactly(1L);
    }

    @Test
    void aReaderThatIsInterruptedWhileAnotherFetchesKeepsTheInterruption() throws Exception {
        var leader = quiet(atTail(View.LIVE));
        var follower = quiet(atTail(View.LIVE));
        var interrupted = new CompletableFuture<Boolean>();
        var error = new CompletableFuture<WalException>();
        var thread = new Thread(() -> {
            Thread.currentThread().interrupt();
            error.complete(failure(follower));
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        log.nextFetch(() -> {
            thread.start();
            error.orTimeout(10, TimeUnit.SECONDS).join();
        });

        assertThat(leader.poll(1, Duration.ZERO)).isEmpty();

        assertThat(error.get().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        append(1);
        assertThat(lsns(follower)).as("it can read on").containsExactly(0L);
    }

    @Test
    void aReaderAfterTheEndOfARingStartsANewOne() {
        var broken = quiet(atTail(View.LIVE));
        log.committed("1.0/1"); // without 0
        failure(broken);
        assertThat(readers.stats().sharedTails()).isZero();

        var fresh = quiet(atTail(View.LIVE));

        assertThat(readers.stats().sharedTails()).isEqualTo(1);
        log.committed("1.0/2");
        assertThat(lsns(fresh)).containsExactly(2L);
    }

    private static CompletableFuture<TopicAdmin.Facts> topic(String id) {
        return CompletableFuture.completedFuture(new TopicAdmin.Facts(id, 1, 1, Map.of()));
    }

    private WalReader atTail(View view) {
        return readers.open(PCHANNEL, StartPosition.tail(), view);
    }

    /** Polls a reader at the tail, which makes it share a consumer because there is no record. */
    private static WalReader quiet(WalReader reader) {
        assertThat(reader.poll(10, Duration.ZERO)).isEmpty();
        return reader;
    }

    private void append(int count) {
        log.committed(LongStream.range(nextLsn, nextLsn + count)
                .mapToObj(lsn -> "1.0/" + lsn)
                .toArray(String[]::new));
        nextLsn += count;
    }

    private static WalException failure(WalReader reader) {
        return ThrownErrors.failure(() -> reader.poll(100, SOON));
    }

    private static List<Long> lsns(WalReader reader) {
        return reader.poll(100_000, SOON).stream().map(LogRecord::lsn).toList();
    }
}
