package io.seawall.walkafka.internal.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.fake.ManualTime;
import org.junit.jupiter.api.Test;

class RepetitionsTest {
    private final ManualTime time = new ManualTime();
    private final Repetitions repetitions = new Repetitions(time);

    @Test
    void letsOneLineAMinuteThroughForEachCauseAndCountsTheOthers() {
        assertThat(repetitions.line("a")).hasValue(0);
        assertThat(repetitions.line("a")).isEmpty();
        assertThat(repetitions.line("b")).hasValue(0);
        time.advance(59_999);
        assertThat(repetitions.line("a")).isEmpty();

        time.advance(1);

        assertThat(repetitions.line("a")).hasValue(2);
        assertThat(repetitions.line("a")).isEmpty();
        assertThat(repetitions.lines()).isEqualTo(3);
    }

    @Test
    void forgetsTheCausesThatWereAddedFirst() {
        repetitions.line("first");
        for (var cause = 0; cause < 16; cause++) {
            repetitions.line("other " + cause);
        }

        assertThat(repetitions.line("first"))
                .as("one line too many is better than none")
                .hasValue(0);
    }
}
