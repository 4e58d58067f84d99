package io.seawall.kafkasim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import org.junit.jupiter.api.Test;

/** Flushers and restores on a simulated Kafka with all faults. */
class ProgressSimulationTest {
    private static final int SEEDS = 300;

    @Test
    void aLogIsBoundToOneStoreUnderAllOwners() {
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

    @Test
    void aRestoredLogIsCompleteOrRefused() {
        var broken = new ArrayList<String>();
        var fates = new EnumMap<RestoreRun.Fate, Integer>(RestoreRun.Fate.class);
        var done = 0;
        for (var seed = 0; seed < SEEDS; seed++) {
            var report = RestoreRun.run(seed);
            fates.merge(report.fate(), 1, Integer::sum);
            done += report.restored() ? 1 : 0;
            if (report.violation() != null) {
                broken.add("seed " + seed + ": " + report.violation());
            }
        }
        assertThat(broken).isEmpty();
        assertThat(fates).as("each happened").containsKeys(RestoreRun.Fate.values());
        assertThat(done).as("restores that worked").isGreaterThan(SEEDS / 4);
    }
}
