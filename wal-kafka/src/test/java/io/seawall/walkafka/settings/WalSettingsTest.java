package io.seawall.walkafka.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which settings of a log are refused. */
class WalSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 1, wal.roll.ms = 0",
        "-1, 1, 1, 1, wal.roll.ms = -1",
        "1, 0, 1, 1, wal.roll.bytes = 0",
        "1, 1, 1, 0, wal.snapshot.bytes = 0",
        "1, 10, 9, 1, 'wal.uncommitted.bytes = 9, expected at least wal.roll.bytes = 10'"
    })
    void refusesALeaseThatCannotRoll(long rollMs, long rollBytes, long uncommitted, long snapshot, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WalSettings.Lease(
                        Duration.ofMillis(rollMs), Duration.ofSeconds(1), rollBytes, uncommitted, snapshot))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10, 0, wal.record.max.bytes = 0",
        "9, 20, 10, wal.window.bytes = 9",
        "20, 19, 10, wal.queue.bytes = 19"
    })
    void refusesLimitsUnderWhichARecordCouldNeverBeSent(long window, long queue, int record, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WalSettings.Limits(window, queue, record))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 1, 1, wal.delivery.timeout.ms",
        "1, 0, 1, 1, 1, wal.open.timeout.ms",
        "1, 1, 0, 1, 1, wal.recover.timeout.ms",
        "1, 1, 1, 0, 1, the close timeout",
        "1, 1, 1, 1, 0, wal.rival.grace.ms"
    })
    void refusesATimeoutOfZero(long delivery, long open, long recover, long close, long grace, String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WalSettings.Timeouts(
                        Duration.ofMillis(delivery),
                        Duration.ofMillis(open),
                        Duration.ofMillis(recover),
                        Duration.ofMillis(close),
                        Duration.ofMillis(grace)))
                .withMessage(name + " = 0, expected more than 0");
    }

    @Test
    void acceptsTheSmallestValues() {
        assertThatCode(() -> {
                    new WalSettings.Lease(Duration.ofMillis(1), Duration.ofMillis(1), 1, 1, 1);
                    new WalSettings.Limits(1, 1, 1);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void eachWitherReplacesItsValueAlone() {
        var ms = Duration.ofMillis(1);
        var lease = new WalSettings.Lease(ms, ms, 1, 2, 3);
        var limits = new WalSettings.Limits(2, 3, 1);
        var timeouts = new WalSettings.Timeouts(ms, ms, ms, ms, ms);
        var other = Duration.ofMillis(9);

        assertThat(WalSettings.defaults()
                        .withLease(lease)
                        .withLimits(limits)
                        .withTimeouts(timeouts)
                        .withAck(WalSettings.Ack.COMMITTED))
                .isEqualTo(new WalSettings(lease, limits, timeouts, WalSettings.Ack.COMMITTED));
        assertThat(lease.withRoll(other)).isEqualTo(new WalSettings.Lease(other, ms, 1, 2, 3));
        assertThat(lease.withLongestRoll(other)).isEqualTo(new WalSettings.Lease(ms, other, 1, 2, 3));
        assertThat(lease.withRollBytes(2)).isEqualTo(new WalSettings.Lease(ms, ms, 2, 2, 3));
        assertThat(lease.withUncommittedBytes(9)).isEqualTo(new WalSettings.Lease(ms, ms, 1, 9, 3));
        assertThat(lease.withSnapshotBytes(9)).isEqualTo(new WalSettings.Lease(ms, ms, 1, 2, 9));
        assertThat(limits.withWindowBytes(3)).isEqualTo(new WalSettings.Limits(3, 3, 1));
        assertThat(limits.withQueueBytes(9)).isEqualTo(new WalSettings.Limits(2, 9, 1));
        assertThat(limits.withRecordMaxBytes(2)).isEqualTo(new WalSettings.Limits(2, 3, 2));
        assertThat(timeouts.withDelivery(other)).isEqualTo(new WalSettings.Timeouts(other, ms, ms, ms, ms));
        assertThat(timeouts.withOpen(other)).isEqualTo(new WalSettings.Timeouts(ms, other, ms, ms, ms));
        assertThat(timeouts.withRecover(other)).isEqualTo(new WalSettings.Timeouts(ms, ms, other, ms, ms));
        assertThat(timeouts.withClose(other)).isEqualTo(new WalSettings.Timeouts(ms, ms, ms, other, ms));
        assertThat(timeouts.withRivalGrace(other)).isEqualTo(new WalSettings.Timeouts(ms, ms, ms, ms, other));
    }

    @Test
    void aWitherChecksTheValuesToo() {
        var lease = WalSettings.defaults().lease();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> lease.withRollBytes(lease.uncommittedBytes() + 1))
                .withMessageContaining("expected at least wal.roll.bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WalSettings.defaults().timeouts().withOpen(Duration.ZERO))
                .withMessage("wal.open.timeout.ms = 0, expected more than 0");
    }
}
