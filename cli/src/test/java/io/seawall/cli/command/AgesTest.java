package io.seawall.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {
    @ParameterizedTest
    @CsvSource({
        "-5, 0ms",
        "0, 0ms",
        "999, 999ms",
        "1000, 1s",
        "59999, 59s",
        "60000, 1m0s",
        "3599999, 59m59s",
        "3600000, 1h0m",
        "86399999, 23h59m",
        "86400000, 1d0h",
        "9223372036854775807, 106751991167d7h"
    })
    void hasTheTwoLargestUnits(long ms, String expected) {
        assertThat(Ages.text(ms)).isEqualTo(expected);
    }
}
