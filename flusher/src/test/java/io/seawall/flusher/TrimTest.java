package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.FlusherSettings.Retention;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trims up to the segments. A segment has a hundred records of ten bytes. */
class TrimTest {
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

    @Test
    void keepsEverythingWithoutARetention() {
        start(Retention.FOREVER);
        bench.log.fill(1_000);
        bench.run(flusher);
        bench.pass(Duration.ofDays(1_000), flusher);

        assertThat(bench.log.trims()).isEmpty();
    }

    @Test
    void keepsTheNewestBytes() {
        start(new Retention(2 * Bench.SEGMENT_BYTES, NO_AGE));
        bench.log.fill(1_050);

        settle();

        assertThat(bench.log.wal(7).oldest()).isEqualTo(800);
    }

    @Test
    void trimsEverythingThatIsFlushedIfConfigured() {
        start(new Retention(0, NO_AGE));
        bench.log.fill(1_050);

        settle();

        assertThat(bench.log.wal(7).oldest()).isEqualTo(1_000);
    }

    @Test
    void neverTrimsRecordsThatAreNotFlushed() {
        start(new Retention(0, Duration.ZERO));
        bench.log.fill(1_050);
        bench.store.failNextPuts(Integer.MAX_VALUE);

        settle();

        assertThat(bench.log.trims()).isEmpty();
    }

    @Test
    void trimsOldRecordsEvenIfNothingIsAppended() {
        start(new Retention(-1, Duration.ofHours(6)));
        bench.log.timestampsFrom(bench.instant().toEpochMilli());
        bench.log.fill(200);
        settle();
        assertThat(bench.log.trims()).isEmpty();

        bench.pass(Duration.ofHours(6), flusher);
        settle();

        assertThat(bench.log.wal(7).oldest()).isEqualTo(200);
    }

    @Test
    void readsBackTheSegmentsOfAnEarlierOwner() {
        start(Retention.FOREVER);
        bench.log.fill(1_000);
        bench.run(flusher);
        flusher.close();

        start(new Retention(300, NO_AGE));
        settle();

        assertThat(bench.log.wal(7).oldest()).isEqualTo(900);
    }

    @Test
    void oneTrimAtATime() {
        start(new Retention(0, NO_AGE));
        var answer = new CompletableFuture<Void>();
        bench.log.holdTrims(answer);
        bench.log.fill(500);
        settle();
        assertThat(bench.log.trims()).hasSize(1);
        bench.log.fill(500);
        settle();
        assertThat(bench.log.trims()).hasSize(1);

        answer.complete(null);
        settle();

        assertThat(bench.log.wal(7).oldest()).isEqualTo(1_000);
    }

    @Test
    void smallSegmentsAreTrimmedOnceAMinute() {
        start(new Retention(0, NO_AGE));
        for (var i = 0; i < 120; i++) {
            bench.log.fill(1);
            bench.ask(flusher);
            bench.pass(Duration.ofSeconds(1), flusher);
        }

        assertThat(bench.log.trims()).hasSizeBetween(2, 3);
    }

    @Test
    void aTrimThatWasRoundedDownIsNotRepeated() {
        start(new Retention(0, NO_AGE));
        bench.log.fill(100);
        settle();
        bench.log.trimTo(95);

        for (var i = 0; i < 10; i++) {
            bench.pass(Duration.ofMinutes(2), flusher);
        }

        assertThat(bench.log.trims()).containsExactly(100L);
    }

    @Test
    void doesNotTrimBehindAnObjectThatWasReplaced() throws Exception {
        start(new Retention(Bench.SEGMENT_BYTES, NO_AGE));
        bench.log.fill(100);
        settle();
        // Undamaged and of the right name and length, but another object.
        Files.delete(bench.object(0));
        bench.publishAsRival(0, 99);

        bench.log.fill(100);
        settle();

        assertThat(bench.log.trims()).isEmpty();
        var status = flusher.status(Bench.ORDERS).orElseThrow();
        assertThat(status.trouble().trimError().orElseThrow())
                .hasMessageContaining(bench.object(0).toString())
                .hasMessageContaining("that was published");
        assertThat(status.flushedLsn()).hasValue(200);
    }

    @Test
    void doesNotTrimBehindADamagedObjectUntilItIsRepaired() throws Exception {
        start(new Retention(Bench.SEGMENT_BYTES, NO_AGE));
        bench.log.fill(100);
        settle();
        var whole = Files.readAllBytes(bench.object(0));
        TestFiles.truncate(bench.object(0), 3);
        bench.log.fill(100);
        settle();
        assertThat(bench.log.trims()).isEmpty();
        assertThat(trimError()).contains(bench.object(0).toString());

        Files.write(bench.object(0), whole);
        bench.pass(Duration.ofMinutes(1), flusher);
        settle();

        assertThat(bench.log.trims()).containsExactly(100L);
        assertThat(flusher.status(Bench.ORDERS).orElseThrow().trouble().trimError())
                .isEmpty();
    }

    @Test
    void doesNotTrimBehindAnObjectThatIsGone() throws Exception {
        start(new Retention(Bench.SEGMENT_BYTES, NO_AGE));
        bench.log.fill(200);
        bench.run(flusher);
        flusher.close();
        bench.log.trimTo(0);
        Files.delete(bench.object(0));

        start(new Retention(Bench.SEGMENT_BYTES, NO_AGE));
        bench.log.fill(200);
        settle();

        assertThat(bench.log.wal(7).oldest()).isZero();
        assertThat(trimError()).contains("no segment that holds LSN 0");
    }

    @Test
    void doesNotTrimBeforeTheLogNamesTheStore() {
        start(Retention.FOREVER);
        bench.log.fill(500);
        bench.run(flusher);
        flusher.close();
        bench.log.progress().name("the-other-store");

        start(new Retention(0, NO_AGE));
        settle();

        assertThat(bench.log.trims()).isEmpty();
    }

    @Test
    void aTrimThatFailsIsTriedAgainAndDelaysNothing() {
        start(new Retention(0, NO_AGE));
        bench.log.failTrims(Problem.of(ErrorCode.UNAVAILABLE, "trim").exception());
        bench.log.fill(200);
        settle();
        assertThat(flusher.flushed(Bench.ORDERS)).hasValue(200);
        assertThat(trimError()).contains("trim");

        bench.log.failTrims(null);
        bench.pass(Duration.ofMinutes(1), flusher);
        settle();

        assertThat(bench.log.wal(7).oldest()).isEqualTo(200);
    }

    @Test
    void trimsManySegmentsInSeveralSteps() {
        start(Retention.FOREVER);
        bench.log.fill(100 * 100);
        bench.run(flusher);
        flusher.close();

        start(new Retention(0, NO_AGE));
        settle();

        assertThat(bench.log.trims()).containsExactly(6_400L, 10_000L);
    }

    private String trimError() {
        return String.valueOf(flusher.status(Bench.ORDERS)
                .orElseThrow()
                .trouble()
                .trimError()
                .orElseThrow()
                .getMessage());
    }

    private void start(Retention retention) {
        bench.use(settings -> settings.with(retention));
        flusher = bench.flusher();
        flusher.register(bench.log.wal(7));
    }

    /** Runs until nothing more is due, advancing the time by one tick each. */
    private void settle() {
        for (var i = 0; i < 200; i++) {
            bench.pass(Duration.ofMillis(100), flusher);
        }
    }
}
