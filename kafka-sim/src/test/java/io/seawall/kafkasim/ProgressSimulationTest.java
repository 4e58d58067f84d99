package io.seawall.kafkasim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Flushers on a simulated Kafka, with everything going wrong. */
class ProgressSimulationTest {
    private static final int SEEDS = 300;

    @Test
    void aLogIsBoundToOneStoreWhoeverOwnsIt() {
        var broken = new ArrayList<String>();
        var bindings = 0;
        for (var seed = 0; seed < SEEDS; seed++) {
            var report = ProgressRun.run(seed);
            bindings += report.bindings();
            if (report.violation() != null) {
                broken.add("seed " + seed + ": " + report.violation());
            }
        }
        assertThat(broken).isEmpty();
        assertThat(bindings).as("bindings that worked").isGreaterThan(SEEDS);
    }
}
