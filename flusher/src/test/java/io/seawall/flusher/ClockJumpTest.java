package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.FlusherSettings.Retention;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A time of day that is set forward or back, by an operator or after a machine was suspended. Pauses and waits do not notice;
 * the ages of records do.
 */
class ClockJumpTest {
    private static final Duration NO_AGE = Duration.ofMillis(-1);

    @TempDir
    Path folder;

    private Bench bench;
    private Flusher flusher;

    @BeforeEach
    void makeBench() {
        bench = new Bench(folder);
        flusher = bench.flusher();
    }

    @ParameterizedTest(name = "by {0} h")
    @ValueSource(longs = {-24, 24})
    void aSegmentIsSealedAfterItsAgeNoSoonerAndNoLater(long hours) throws Exception {
        flusher.register(bench.log.wal(7));
        bench.log.fill(1);
        bench.run(flusher);
        bench.jump(Duration.ofHours(hours), flusher);
        bench.pass(Bench.SEGMENT_AGE.minusMillis(1), flusher);
        assertThat(bench.flushedLsns()).isEmpty();

        bench.pass(Duration.ofMillis(1), flusher);

        assertThat(bench.flushedLsns()).containsExactly(0L);
    }

    @ParameterizedTest(name = "by {0} h")
    @ValueSource(longs = {-24, 24})
    void aPutIsRetriedAfterItsPauseNoSoonerAndNoLater(long hours) {
        bench.store.failNextPuts(1);
        flusher.register(bench.log.wal(7));
        bench.log.fill(100);
        bench.run(flusher);
        assertThat(bench.store.puts()).isEqualTo(1);
        bench.jump(Duration.ofHours(hours), flusher);
        bench.pass(Duration.ofMillis(199), flusher);
        assertThat(bench.store.puts()).isEqualTo(1);

        bench.pass(Duration.ofMillis(1), flusher);

        assertThat(bench.store.puts()).isEqualTo(2);
        assertThat(flusher.flushed(Bench.ORDERS)).hasValue(100);
    }

    @ParameterizedTest(name = "by {0} h")
    @ValueSource(longs = {-24, 24})
    void anIdleReaderIsClosedAfterTenSeconds(long hours) {
        flusher.register(bench.log.wal(7));
        bench.log.fill(5);
        bench.run(flusher);
        bench.jump(Duration.ofHours(hours), flusher);
        bench.pass(Duration.ofMillis(9_999), flusher);
        assertThat(bench.log.openReaders()).isEqualTo(1);

        bench.pass(Duration.ofMillis(1), flusher);

        assertThat(bench.log.openReaders()).isZero();
    }

    @ParameterizedTest(name = "by {0} h")
    @ValueSource(longs = {-24, 24})
    void aTrimIsRetriedAfterItsPauseNoSoonerAndNoLater(long hours) {
        keep(new Retention(0, NO_AGE));
        bench.log.failTrims(Problem.of(ErrorCode.UNAVAILABLE, "trim").exception());
        bench.log.fill(100);
        bench.run(flusher);
        bench.run(flusher);
        assertThat(bench.log.trims()).hasSize(1);
        bench.log.failTrims(null);
        bench.jump(Duration.ofHours(hours), flusher);
        bench.pass(Duration.ofMillis(199), flusher);
        assertThat(bench.log.trims()).hasSize(1);

        bench.pass(Duration.ofMillis(1), flusher);

        assertThat(bench.log.trims()).hasSize(2);
    }

    @ParameterizedTest(name = "by {0} h")
    @ValueSource(longs = {-24, 24})
    void smallSegmentsAreTrimmedOnceAMinute(long hours) {
        keep(new Retention(0, NO_AGE));
        flushOne();
        assertThat(bench.log.trims()).hasSize(1);
        bench.jump(Duration.ofHours(hours), flusher);
        flushOne();
        bench.pass(Duration.ofMillis(59_999), flusher);
        assertThat(bench.log.trims()).hasSize(1);

        bench.pass(Duration.ofMillis(1), flusher);

        assertThat(bench.log.trims()).hasSize(2);
    }

    @Test
    void recordsThatAJumpMadeTooOldAreTrimmedWithinAMinute() {
        keep(new Retention(-1, Duration.ofHours(6)));
        bench.log.timestampsFrom(bench.instant().toEpochMilli());
        bench.log.fill(200);
        bench.run(flusher);
        bench.run(flusher);

        bench.jump(Duration.ofHours(7), flusher);
        bench.pass(Duration.ofMinutes(1), flusher);
        bench.run(flusher);

        assertThat(bench.log.wal(7).oldest()).isEqualTo(200);
    }

    private void keep(Retention retention) {
        bench.use(settings -> settings.with(retention));
        flusher = bench.flusher();
        flusher.register(bench.log.wal(7));
    }

    private void flushOne() {
        bench.log.fill(1);
        bench.ask(flusher);
        bench.run(flusher);
        bench.run(flusher);
    }
}
