package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollLimitsTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1, 0", "1, -1"})
    void refusesALimitBelowOne(int maxRecords, long maxBytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PollLimits(maxRecords, maxBytes))
                .withMessageContaining("maxRecords = " + maxRecords + ", maxBytes = " + maxBytes);
    }

    @Test
    void withoutBytesOnlyTheNumberOfRecordsCounts() {
        var limits = PollLimits.records(3);

        assertThat(limits.admit(2, Long.MAX_VALUE - Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isTrue();
        assertThat(limits.admit(3, 0, 0)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 101, true", // alone above the limit
        "1, 60, 40, true",
        "1, 60, 41, false",
        "1, 101, 0, false", // after a record that was above the limit
        "1, 100, 0, true",
        "4, 0, 1, true",
        "5, 0, 0, false"
    })
    void admitsTheFirstRecordAndOthersWithinBothLimits(int records, long bytes, int nextBytes, boolean admitted) {
        var limits = PollLimits.records(5).withMaxBytes(100);

        assertThat(limits.admit(records, bytes, nextBytes)).isEqualTo(admitted);
    }

    @Test
    void anotherBoundInBytesMayBeHigherThanTheLast() {
        assertThat(PollLimits.records(5).withMaxBytes(100).withMaxBytes(200)).isEqualTo(new PollLimits(5, 200));
    }
}
