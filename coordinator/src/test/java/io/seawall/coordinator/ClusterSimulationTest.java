package io.seawall.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clusters of simulated nodes in which everything goes wrong. {@code -Dsim.seed=N} repeats one seed and prints its trace;
 * {@code -Dsim.seeds=COUNT} runs so many, from {@code -Dsim.from=N} on. See docs/coordinator.md#simulation.
 */
class ClusterSimulationTest {
    private static final long FEW_SEEDS = 60;
    private static final long MANY_SEEDS = 1_500;

    /** Events without which a batch of seeds proves little. */
    private static final List<String> MUST_HAPPEN = List.of(
            "kills",
            "pauses",
            "hints",
            "wrong hints",
            "groups deleted",
            "compactions",
            "coordinators",
            "fenced writes",
            "suspicions",
            "NEW",
            "RETURNED",
            "OWNER_GONE",
            "OWNER_SUSPECTED",
            "FAILED",
            "UNRESPONSIVE",
            "BALANCE_COUNT",
            "PIN",
            "DRAIN",
            "OWNER_LEAVING",
            "UNQUARANTINED",
            "RETIRED");

    @Test
    void keepsItsPromises() {
        var one = Long.getLong("sim.seed");
        if (one != null) {
            var report = SimRun.run(one, true);
            System.out.println(report.trace());
            assertThat(report.violation()).as("what seed %s broke", one).isEmpty();
            return;
        }
        var from = Long.getLong("sim.from", 0);
        run(from, from + Long.getLong("sim.seeds", FEW_SEEDS));
    }

    @Test
    @Tag("full")
    void keepsItsPromisesForLong() {
        run(FEW_SEEDS, MANY_SEEDS);
    }

    private static void run(long from, long end) {
        var counts = new TreeMap<String, Integer>();
        var broken = new ArrayList<String>();
        for (var seed = from; seed < end; seed++) {
            var report = SimRun.run(seed, false);
            report.counts().forEach((event, count) -> counts.merge(event, count, Integer::sum));
            if (report.violation().isPresent()) {
                broken.add("-Dsim.seed=" + seed + ": " + report.violation().get());
            }
        }
        System.out.println("seeds " + from + " to " + (end - 1) + ": " + counts);
        assertThat(broken).as("seeds that broke a promise").isEmpty();
        assertThat(counts.keySet()).as("events that the seeds covered").containsAll(MUST_HAPPEN);
    }

    @Test
    void aSeedGivesTheSameRunTwice() {
        var traces = traces();

        assertThat(traces).allSatisfy(trace -> assertThat(trace.lines()).hasSizeGreaterThan(30));
        assertThat(traces()).isEqualTo(traces);
    }

    private static List<String> traces() {
        return LongStream.range(0, 3)
                .mapToObj(seed -> SimRun.run(seed, true).trace())
                .toList();
    }
}
