package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.WalException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseTest {
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
    void publishesNothingWhilePausedAndLosesNothing() throws Exception {
        flusher.register(bench.log.wal(7));
        bench.log.fill(50);
        bench.run(flusher);

        flusher.pause(Bench.ORDERS);
        bench.log.fill(500);
        bench.pass(Duration.ofHours(1), flusher);
        var paused = flusher.status(Bench.ORDERS).orElseThrow();
        var spooled = bench.spoolFiles();
        var readers = bench.log.openReaders();
        flusher.resume(Bench.ORDERS);
        bench.run(flusher);
        bench.pass(Duration.ofHours(1), flusher);

        assertThat(paused.paused()).isTrue();
        assertThat(paused.flushedLsn()).hasValue(0);
        assertThat(spooled).isEmpty();
        assertThat(readers).isZero();
        assertThat(flusher.status(Bench.ORDERS).orElseThrow().paused()).isFalse();
        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
    }

    @Test
    void refusesAFlushOfAPausedLogAndContinuesAWaitingOne() {
        flusher.register(bench.log.wal(7));
        bench.log.fill(5);
        var waiting = flusher.flush(Bench.ORDERS);
        flusher.pause(Bench.ORDERS);
        bench.run(flusher);

        assertThat(waiting).isNotDone();
        assertThat(flusher.flush(Bench.ORDERS))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID));

        flusher.resume(Bench.ORDERS);
        bench.run(flusher);

        assertThat(waiting).isCompletedWithValue(5L);
    }

    @Test
    void aSealedSegmentThatTheStoreRefusedIsReadAgainAfterThePause() throws Exception {
        bench.store.failNextPuts(1);
        flusher.register(bench.log.wal(7));
        bench.log.fill(100);
        bench.run(flusher);

        flusher.pause(Bench.ORDERS);
        bench.run(flusher);
        flusher.resume(Bench.ORDERS);
        bench.pass(Duration.ofMinutes(1), flusher);

        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
    }

    @Test
    void aGapThatTheStoreRefusedIsFoundAgainAfterThePause() throws Exception {
        bench.store.failNextPuts(1);
        bench.log.fill(100);
        bench.log.trimTo(40);
        flusher.register(bench.log.wal(7));
        bench.run(flusher);

        flusher.pause(Bench.ORDERS);
        bench.run(flusher);
        flusher.resume(Bench.ORDERS);
        bench.ask(flusher);
        bench.pass(Duration.ofMinutes(1), flusher);

        assertThat(bench.segments.list(Bench.ORDERS))
                .extracting(SegmentInfo::nextLsn)
                .containsExactly(40L, 100L);
    }

    @Test
    void aPauseOfAFlushingThatStoppedKeepsItsError() {
        flusher.register(bench.log.wal(7));
        bench.log.fill(50);
        bench.log.lose(5);
        bench.run(flusher);
        var stopped = flusher.status(Bench.ORDERS).orElseThrow();

        flusher.pause(Bench.ORDERS);
        bench.run(flusher);
        flusher.resume(Bench.ORDERS);
        bench.pass(Duration.ofMinutes(1), flusher);
        flusher.resume(Bench.ORDERS);
        bench.run(flusher);

        assertThat(stopped.state()).isEqualTo(FlushStatus.State.STOPPED);
        assertThat(stopped.error()).isPresent();
        assertThat(flusher.status(Bench.ORDERS)).contains(stopped);
    }

    @Test
    void onlyTheOwnerCanPause() {
        assertThatThrownBy(() -> flusher.pause(Bench.ORDERS)).isInstanceOf(OwnershipException.class);
        assertThatThrownBy(() -> flusher.resume(Bench.ORDERS)).isInstanceOf(OwnershipException.class);
    }

    @Test
    void thePauseEndsWithTheRegistration() {
        var wal = bench.log.wal(7);
        flusher.register(wal);
        flusher.pause(Bench.ORDERS);
        flusher.unregister(wal);

        flusher.register(bench.log.wal(8));
        bench.run(flusher);

        assertThat(flusher.status(Bench.ORDERS).orElseThrow().paused()).isFalse();
    }

    @Test
    void lagIsCountedFromTheOldestRecordThatIsNotInASegment() {
        bench.log.timestampsFrom(bench.instant().toEpochMilli());
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        assertThat(flusher.lag(Bench.ORDERS)).hasValue(new FlushLag(0, Duration.ZERO));

        bench.log.fill(5);
        bench.pass(Duration.ofMinutes(1), flusher);
        var behind = flusher.lag(Bench.ORDERS).orElseThrow();
        bench.ask(flusher);
        bench.run(flusher);

        assertThat(behind).isEqualTo(new FlushLag(5, Duration.ofMinutes(1)));
        assertThat(flusher.lag(Bench.ORDERS)).hasValue(new FlushLag(0, Duration.ZERO));
    }

    @Test
    void lagOfAPausedLogGrows() {
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        flusher.pause(Bench.ORDERS);
        bench.log.fill(5);
        bench.run(flusher);
        bench.pass(Duration.ofMinutes(3), flusher);

        assertThat(flusher.lag(Bench.ORDERS)).hasValue(new FlushLag(5, Duration.ofMinutes(3)));
    }
}
