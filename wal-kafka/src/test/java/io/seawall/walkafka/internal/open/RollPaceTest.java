package io.seawall.walkafka.internal.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RollPaceTest {
    private static final WalSettings.Lease LEASE =
            WalSettings.defaults().lease().withRoll(Duration.ofSeconds(1)).withLongestRoll(Duration.ofSeconds(5));

    private static RollPace pace(WalSettings.Lease lease, int logs) {
        var pace = new RollPace(lease);
        for (var log = 0; log < logs; log++) {
            pace.begun();
        }
        return pace;
    }

    @ParameterizedTest
    @CsvSource({"0, 1000", "1, 1000", "5, 1000", "6, 1200", "24, 4800", "25, 5000", "26, 5000", "1000000, 5000"})
    void fiveLeasesRollInASecondUntilTheyAreTooOld(int logs, long expectedMs) {
        assertThat(pace(LEASE, logs).rollMs()).isEqualTo(expectedMs);
    }

    @Test
    void logsThatAreNoLongerWrittenToAreNotCounted() {
        var pace = pace(LEASE, 20);
        for (var log = 0; log < 12; log++) {
            pace.ended();
        }
        assertThat(pace.rollMs()).isEqualTo(1_600);
    }

    @Test
    void aLongestAgeBelowTheUsualOneChangesNothing() {
        assertThat(pace(LEASE.withLongestRoll(Duration.ofMillis(10)), 100).rollMs())
                .isEqualTo(1_000);
    }
}
