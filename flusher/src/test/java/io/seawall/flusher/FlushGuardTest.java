package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.FlushStatus.State;
import io.seawall.flusher.FlushStatus.Wait;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.SegmentSpec;
import io.seawall.flusher.segment.SpoolFile;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cases in which a flusher refuses to flush: docs/protocol.md#store-binding. */
class FlushGuardTest {
    @TempDir
    Path folder;

    private Bench bench;
    private Flusher flusher;

    @BeforeEach
    void makeBench() {
        bench = new Bench(folder);
        flusher = bench.flusher();
    }

    @Test
    void bindsTheLogToTheStoreBeforeTheFirstSegment() throws Exception {
        var committed = new CompletableFuture<Void>();
        bench.log.progress().holdBinds(committed);
        flusher.register(bench.log.wal(7));
        bench.log.fill(100);
        bench.run(flusher);
        bench.pass(Duration.ofSeconds(1), flusher);
        assertThat(bench.store.puts()).isZero();
        assertThat(status().waitsFor()).isEqualTo(Wait.STORE_BINDING);

        committed.complete(null);
        bench.run(flusher);

        assertThat(bench.flushedLsns()).hasSize(100);
        assertThat(bench.log.progress().storeId()).hasValue(bench.local.storeId());
        assertThat(bench.log.progress().binds()).isEqualTo(1);
    }

    @Test
    void aLogThatIsBoundToThisStoreIsNotBoundAgain() throws Exception {
        bench.log.progress().name(bench.local.storeId());
        flusher.register(bench.log.wal(7));
        bench.log.fill(100);
        bench.run(flusher);

        assertThat(bench.log.progress().binds()).isZero();
        assertThat(bench.flushedLsns()).hasSize(100);
    }

    @Test
    void aLogWithoutRecordsIsNotBound() {
        flusher.register(bench.log.wal(7));
        bench.run(flusher);

        assertThat(bench.log.progress().binds()).isZero();
    }

    @Test
    void aBindingThatFailsForAWhileIsTriedAgain() throws Exception {
        var lost = Problem.of(ErrorCode.UNAVAILABLE, "write a snapshot").exception();
        bench.log.progress().holdBinds(CompletableFuture.failedFuture(lost));
        flusher.register(bench.log.wal(7));
        bench.log.fill(100);
        bench.run(flusher);
        assertThat(status().error()).hasValue(lost);
        bench.log.progress().holdBinds(CompletableFuture.completedFuture(null));

        bench.pass(Duration.ofSeconds(1), flusher);

        assertThat(bench.flushedLsns()).hasSize(100);
    }

    @Test
    void refusesToFlushToAnotherStoreThanTheLogNames() throws Exception {
        bench.log.progress().name("the-other-store");
        flusher.register(bench.log.wal(7));
        bench.log.fill(100);
        bench.run(flusher);

        assertThat(status().state()).isEqualTo(State.STOPPED);
        assertThat(status().error().orElseThrow())
                .hasMessageContaining("the-other-store")
                .hasMessageContaining(bench.local.storeId())
                .hasMessageContaining("segments.root")
                .extracting(WalException::code)
                .isEqualTo(ErrorCode.INTERNAL);
        assertThat(bench.store.puts()).isZero();
    }

    @Test
    void noticesAnotherStoreThatWasBoundMeanwhile() {
        flusher.register(bench.log.wal(7));
        bench.log.fill(50);
        bench.run(flusher);
        bench.log.progress().name("the-other-store");

        bench.log.fill(50);
        bench.run(flusher);

        assertThat(status().state()).isEqualTo(State.STOPPED);
        assertThat(bench.store.puts()).isZero();
    }

    @Test
    void refusesTheSegmentsOfALogThatWasDeletedAndCreatedAgain() throws Exception {
        flushHundred();
        bench.log.createAgain("the-next-log");
        bench.log.fill(50);

        var next = bench.flusher();
        next.register(bench.log.wal(1));
        bench.run(next);

        assertRefusesTheOldLog(next);
    }

    @Test
    void refusesTheSegmentsOfADeletedLogEvenIfTheNewOneIsLonger() throws Exception {
        flushHundred();
        bench.log.createAgain("the-next-log");
        bench.log.fill(500);

        var next = bench.flusher();
        next.register(bench.log.wal(1));
        bench.run(next);

        assertRefusesTheOldLog(next);
    }

    private void assertRefusesTheOldLog(Flusher next) throws Exception {
        var status = next.status(Bench.ORDERS).orElseThrow();
        assertThat(status.state()).isEqualTo(State.STOPPED);
        assertThat(status.error().orElseThrow())
                .hasMessageContaining("the-next-log")
                .hasMessageContaining(FakeLog.ID)
                .hasMessageContaining("move the folder " + bench.object(0).getParent() + " away");
        assertThat(bench.segments.list(Bench.ORDERS)).hasSize(1);
    }

    @Test
    void refusesTheSegmentOfAnotherLogThatWonTheRace() throws Exception {
        flusher.register(bench.log.wal(7));
        bench.log.fill(30);
        var spool = SpoolFile.create(
                folder.resolve("rival"),
                new SegmentSpec(new SegmentKey(Bench.ORDERS, 0), "an-older-log", SegmentCodec.DEFLATE, new byte[16]),
                0);
        spool.append(bench.log.committedRecords(), Long.MAX_VALUE);
        var rival = spool.seal();
        bench.store.beforeNextPut(() -> bench.local.publish(rival.info().key(), rival.file()));

        bench.ask(flusher);
        bench.run(flusher);

        assertThat(status().state()).isEqualTo(State.STOPPED);
        assertThat(status().error().orElseThrow()).hasMessageContaining("an-older-log");
        assertThat(bench.log.trims()).isEmpty();
    }

    @Test
    void aDamagedObjectUnderTheNextNameIsNeverTrustedAndFlushingGoesOnOnceItIsMovedAway() throws Exception {
        bench.use(settings -> settings.with(new FlusherSettings.Retention(0, Duration.ofMillis(-1))));
        flusher = bench.flusher();
        flusher.register(bench.log.wal(7));
        bench.log.fill(30);
        bench.store.beforeNextPut(() -> {
            bench.publishAsRival(0, 20);
            TestFiles.truncate(bench.object(0), 5);
        });
        bench.ask(flusher);
        bench.run(flusher);
        bench.pass(Duration.ofMinutes(1), flusher);
        assertThat(status().state()).isEqualTo(State.PUBLISHING);
        assertThat(status().error().orElseThrow())
                .hasMessageContaining(bench.object(0).toString())
                .hasMessageContaining("bytes");
        assertThat(bench.log.trims()).isEmpty();

        Files.move(bench.object(0), folder.resolve("moved"));
        bench.pass(Duration.ofMinutes(1), flusher);

        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
        assertThat(status().error()).isEmpty();
    }

    @Test
    void aDamagedLastSegmentIsNamedAndFlushingGoesOnOnceItIsRepaired() throws Exception {
        flushHundred();
        var whole = Files.readAllBytes(bench.object(0));
        TestFiles.truncate(bench.object(0), 1);
        var next = bench.flusher();
        next.register(bench.log.wal(8));
        bench.log.fill(100);
        bench.run(next);
        assertThat(next.status(Bench.ORDERS).orElseThrow().error().orElseThrow())
                .hasMessageContaining(bench.object(0).toString());

        Files.write(bench.object(0), whole);
        bench.pass(Duration.ofMinutes(1), next);

        assertThat(bench.flushedLsns()).hasSize(200);
    }

    @Test
    void errorsOfTheStoreNameTheObject() {
        bench.store.failNextPuts(1);
        flusher.register(bench.log.wal(7));
        bench.log.fill(100);
        bench.run(flusher);

        assertThat(status().error().orElseThrow())
                .hasMessageContaining(bench.object(0).toString())
                .hasMessageContaining("planted: put refused");
    }

    @Test
    void reportsTheFlushPositionToTheLog() throws Exception {
        flushHundred();
        var next = bench.flusher();
        next.register(bench.log.wal(8));
        bench.run(next);

        // At the first registration, after the segment, at the second registration.
        assertThat(bench.log.progress().reports()).containsExactly(0L, 100L, 100L);
        // The offset of the last record is known only for our own segment.
        assertThat(bench.log.progress().offsets())
                .containsExactly(-1L, bench.log.committedRecords().get(99).offset() + 1, -1L);
    }

    private void flushHundred() {
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        bench.log.fill(100);
        bench.run(flusher);
        flusher.close();
    }

    private FlushStatus status() {
        return flusher.status(Bench.ORDERS).orElseThrow();
    }
}
