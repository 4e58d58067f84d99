package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.FlusherSettings.Retention;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRecord;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UnflushedRetentionTest {
    private static final Duration NO_AGE = Duration.ofMillis(-1);

    private final FakeLog log = new FakeLog(Bench.ORDERS);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void keepsAboutTheNewestBytes() {
        var retention = retention(new Retention(1_000, NO_AGE));
        for (var i = 0; i < 20; i++) {
            log.fill(50);
            retention.enforce();
        }

        // Ten bytes each: a hundred records and one piece are kept.
        assertThat(log.wal(7).oldest()).isEqualTo(900);
    }

    @Test
    void trimsTheInitialRecordsInPieces() {
        log.fill(1_600);
        var retention = retention(new Retention(1_000, NO_AGE));

        retention.enforce();

        assertThat(log.wal(7).oldest()).isEqualTo(1_500);
    }

    @Test
    void deletesOnlyRecordsThatAreTooOld() {
        log.timestampsFrom(now.toEpochMilli());
        var retention = retention(new Retention(-1, Duration.ofHours(1)));
        log.fill(100);
        retention.enforce();
        now = now.plus(Duration.ofMinutes(30));
        log.timestampsFrom(now.toEpochMilli());
        log.fill(100);
        retention.enforce();
        assertThat(log.trims()).isEmpty();

        now = now.plus(Duration.ofMinutes(31));
        retention.enforce();

        assertThat(log.wal(7).oldest()).isEqualTo(100);
    }

    @Test
    void withoutALimitItDeletesAndReadsNothing() {
        var retention = retention(Retention.FOREVER);
        log.fill(1_000);
        retention.enforce();

        assertThat(log.trims()).isEmpty();
        assertThat(log.readersOpened()).isZero();
    }

    @Test
    void neverDeletesUncommittedRecords() {
        var retention = retention(new Retention(0, NO_AGE));
        log.fill(10);
        log.append(7, WalRecord.of(new byte[10]));

        retention.enforce();

        assertThat(log.trims()).containsExactly(10L);
    }

    @Test
    void aTrimThatFailsIsTriedAgain() {
        var retention = retention(new Retention(0, NO_AGE));
        log.failTrims(Problem.of(ErrorCode.UNAVAILABLE, "trim").exception());
        log.fill(10);
        retention.enforce();
        retention.enforce();
        log.failTrims(null);

        retention.enforce();
        retention.enforce();

        assertThat(log.wal(7).oldest()).isEqualTo(10);
    }

    @Test
    void doesNotTrimAnUnregisteredLog() {
        var retention = new UnflushedRetention(log, new Retention(0, NO_AGE), () -> now, () -> {});
        var wal = log.wal(7);
        retention.register(wal);
        retention.unregister(log.wal(7));
        retention.unregister(wal);
        log.fill(10);

        retention.enforce();

        assertThat(log.trims()).isEmpty();
    }

    private UnflushedRetention retention(Retention keep) {
        var retention = new UnflushedRetention(log, keep, () -> now, () -> {});
        retention.register(log.wal(7));
        return retention;
    }
}
