package io.seawall.walkafka.settings;

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
    void aLeaseThatCannotRollIsRefused(long rollMs, long rollBytes, long uncommitted, long snapshot, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WalSettings.Lease(Duration.ofMillis(rollMs), rollBytes, uncommitted, snapshot))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10, 0, wal.record.max.bytes = 0",
        "9, 20, 10, wal.window.bytes = 9",
        "20, 19, 10, wal.queue.bytes = 19"
    })
    void aRecordThatCouldNeverBeSentIsRefused(long window, long queue, int record, String message) {
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
    void aTimeoutOfNothingIsRefused(long delivery, long open, long recover, long close, long grace, String name) {
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
    void theSmallestThatFitAreTaken() {
        assertThatCode(() -> {
                    new WalSettings.Lease(Duration.ofMillis(1), 1, 1, 1);
                    new WalSettings.Limits(1, 1, 1);
                })
                .doesNotThrowAnyException();
    }
}
