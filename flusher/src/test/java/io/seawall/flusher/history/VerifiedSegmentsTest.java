package io.seawall.flusher.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.Bench;
import io.seawall.flusher.TestFiles;
import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.VerifiedSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Segments of ten records of 6,000 bytes each, incompressible. */
@Timeout(60)
class VerifiedSegmentsTest {
    private static final int RECORDS = 10;
    private static final long ENOUGH = 1 << 20;

    @TempDir
    Path folder;

    private final SegmentReadCounters counts = new SegmentReadCounters();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> calls = new ArrayList<>();
    private TieredReadBench bench;

    @BeforeEach
    void publish() {
        bench = new TieredReadBench(folder);
        bench.kafka.appendNoise(5 * RECORDS, TieredReadBench.VALUE_BYTES);
        for (var lsn = 0; lsn < 5 * RECORDS; lsn += RECORDS) {
            bench.publish(lsn, lsn + RECORDS);
        }
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        bench.close();
        bench.awaitAllClosed();
    }

    @Test
    void verifiesASegmentOnceAndKeepsItsBlocks() throws Exception {
        var segments = segments(ENOUGH);

        var first = segments.get(key(0));
        var second = segments.get(key(0));

        assertThat(second).isSameAs(first);
        assertThat(segments.known(key(0))).isSameAs(first);
        assertThat(segments.block(key(0), 0)).hasSize(first.length(0));
        assertThat(segments.cachedBytes()).isEqualTo(first.info().blocks().bytes());
        assertThat(opened(0)).isEqualTo(1);
        assertThat(counts.verified.sum()).isEqualTo(1);
        assertThat(counts.hits.sum()).isEqualTo(1);
    }

    @Test
    void evictsBlocksAndStillKnowsTheSegment() throws Exception {
        var oneSegment = Files.size(bench.object(0));
        var segments = segments(2 * oneSegment);

        segments.get(key(0));
        segments.get(key(10));

        assertThat(segments.block(key(0), 0)).isNull();
        assertThat(segments.block(key(10), 0)).isNotNull();
        assertThat(segments.known(key(0))).isNotNull();
        assertThat(segments.cachedBytes()).isLessThanOrEqualTo(2 * oneSegment);
    }

    @Test
    void keepsTheLastSegmentEvenIfItsPositionsExceedTheirRoom() throws Exception {
        var segments = segments(8);

        segments.get(key(0));
        segments.get(key(10));

        assertThat(segments.known(key(0))).isNull();
        assertThat(segments.known(key(10))).isNotNull();
        assertThat(segments.block(key(10), 0)).isNull();
        assertThat(segments.cachedBytes()).isZero();
    }

    @Test
    void aFailureIsNotCachedAndHoldsNoRoom() throws Exception {
        var segments = segments(ENOUGH);
        var file = bench.object(0);
        TestFiles.flipBit(file, Files.size(file) - 30, 3);
        assertThatThrownBy(() -> segments.get(key(0))).isInstanceOf(MalformedSegmentException.class);
        bench.store.down(true);
        assertThatThrownBy(() -> segments.get(key(0))).hasMessageContaining("planted");
        bench.store.down(false);
        assertThat(segments.cachedBytes()).isZero();
        assertThat(counts.damaged.sum()).isEqualTo(1);
        TestFiles.flipBit(file, Files.size(file) - 30, 3);

        assertThat(segments.get(key(0)).info().recordCount()).isEqualTo(RECORDS);
    }

    @RepeatedTest(5)
    void callsAtTheSameTimeShareOneVerification() throws Exception {
        var segments = segments(ENOUGH);
        var gate = new CountDownLatch(1);
        bench.store.holdReads(gate);
        var calls = new ArrayList<Future<VerifiedSegment>>();
        for (var i = 0; i < 4; i++) {
            calls.add(threads.submit(() -> segments.get(key(0))));
        }

        gate.countDown();

        var first = calls.get(0).get(30, TimeUnit.SECONDS);
        for (var call : calls) {
            assertThat(call.get(30, TimeUnit.SECONDS)).isSameAs(first);
        }
        assertThat(opened(0)).isEqualTo(1);
        assertThat(counts.verified.sum()).isEqualTo(1);
    }

    @Test
    void callsThatShareAVerificationGetItsFailure() throws Exception {
        var segments = segments(ENOUGH);
        var gate = new CountDownLatch(1);
        bench.store.holdReads(gate);
        var first = threads.submit(() -> failure(segments));
        Awaitility.await().until(() -> opened(0) == 1);
        var failures = new ArrayList<Throwable>();
        var second = new Thread(() -> failures.add(failure(segments)));
        second.start();
        Awaitility.await().until(() -> second.getState() == Thread.State.WAITING);
        TestFiles.flipBit(bench.object(0), Files.size(bench.object(0)) - 30, 3);

        gate.countDown();

        var told = first.get(30, TimeUnit.SECONDS);
        second.join(30_000);
        assertThat(told).isInstanceOf(MalformedSegmentException.class);
        assertThat(failures).containsExactly(told);
    }

    private static Throwable failure(VerifiedSegments segments) {
        try {
            throw new AssertionError("verified " + segments.get(key(0)).key());
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void closingEndsVerificationsAndLeavesNothing() throws Exception {
        var segments = segments(ENOUGH);
        segments.get(key(10));
        var gate = new CountDownLatch(1);
        bench.store.holdReads(gate);
        var call = threads.submit(() -> failure(segments));
        Awaitility.await().until(() -> opened(0) == 1);

        segments.close();
        gate.countDown();

        assertThat(call.get(30, TimeUnit.SECONDS)).hasMessageContaining("has ended");
        assertThat(segments.known(key(0))).isNull();
        assertThat(segments.known(key(10))).isNull();
        assertThat(segments.cachedBytes()).isZero();
    }

    /** Returns how often an object was opened. */
    private synchronized long opened(long lsn) {
        calls.addAll(bench.store.calls());
        return calls.stream().filter(("open " + lsn)::equals).count();
    }

    private VerifiedSegments segments(long roomBytes) {
        return new VerifiedSegments(bench.store, roomBytes, counts);
    }

    private static SegmentKey key(long lsn) {
        return new SegmentKey(Bench.ORDERS, lsn);
    }
}
