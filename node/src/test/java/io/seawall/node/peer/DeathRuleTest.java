package io.seawall.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeathRuleTest {
    /** Ends in order; one with a star is of a stream of the process itself. */
    @ParameterizedTest
    @CsvSource({
        "cut* refused, true",
        "cut* cut_before_answer refused, true",
        "cut* cut_before_answer cut_before_answer cut_before_answer refused, true",
        "cut* cut* refused, true",
        "proper* cut* refused, true",
        "refused, false",
        "cut refused, false",
        "proper* refused, false",
        "other* refused, false",
        "cut* proper refused, false",
        "cut* other refused, false",
        "cut* cut refused, false",
        "cut* refused refused, false",
        "cut_before_answer refused, false",
        "cut* cut_before_answer cut_before_answer cut_before_answer cut_before_answer refused, false",
        "cut*, false",
        "cut* cut_before_answer, false",
    })
    void aProcessIsDeadIfItsStreamWasCutAndTheNextAttemptWasRefused(String ends, boolean dead) {
        var rule = DeathRule.INITIAL;

        for (var end : ends.split(" ", -1)) {
            rule = rule.after(StreamEnd.valueOf(end.replace("*", "").toUpperCase(Locale.ROOT)), end.endsWith("*"));
        }

        assertThat(rule.dead()).isEqualTo(dead);
    }

    @ParameterizedTest
    @CsvSource({"1, 75, 125", "2, 150, 250", "4, 600, 1000", "8, 7500, 12500", "1000, 7500, 12500"})
    void pausesGrowUpToABoundAndAreSpread(int failures, long least, long most) {
        var times = PeerTimes.DEFAULTS;

        assertThat(Stream.of(0.0, 0.3, 1.0).map(jitter -> times.pauseMs(failures, jitter)))
                .allSatisfy(pause -> assertThat(pause).isBetween(least, most));
        assertThat(times.pauseMs(failures, 0)).isNotEqualTo(times.pauseMs(failures, 1));
    }
}
