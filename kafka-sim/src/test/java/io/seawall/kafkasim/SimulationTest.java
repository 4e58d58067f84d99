package io.seawall.kafkasim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real wal-kafka on a simulated Kafka with all faults. {@code -Dsim.seed=N} repeats one seed and prints its trace;
 * {@code -Dsim.seeds=COUNT} runs more of them, from {@code -Dsim.from=N} on. See docs/simulation.md.
 */
class SimulationTest {
    private static final long BATCH = 500;
    private static final long SEEDS = 2_000;

    static LongStream batches() {
        var one = Long.getLong("sim.seed");
        if (one != null) {
            return LongStream.of(one);
        }
        var from = Long.getLong("sim.from", 0);
        var end = from + Long.getLong("sim.seeds", SEEDS);
        return LongStream.iterate(from, first -> first < end, first -> first + BATCH);
    }

    @ParameterizedTest(name = "seeds from {0} on, each repeated with -Dsim.seed=N")
    @MethodSource("batches")
    void keepsItsPromises(long first) {
        if (Long.getLong("sim.seed") != null) {
            repeat(first);
            return;
        }
        var counts = SeedReport.Counts.NONE;
        var broken = new ArrayList<String>();
        for (var seed = first; seed < first + BATCH; seed++) {
            var report = SeedRun.run(seed, false);
            counts = counts.plus(report.counts());
            if (report.violation() != null) {
                broken.add("-Dsim.seed=" + seed + ": " + report.violation());
            }
        }
        System.out.println("seeds " + first + " to " + (first + BATCH - 1) + ": " + counts);
        assertThat(broken).as("seeds that broke a promise").isEmpty();
        assertThat(counts.missing())
                .as("events that no seed covered, so that the batch proves little")
                .isEmpty();
    }

    private static void repeat(long seed) {
        var report = SeedRun.run(seed, true);
        System.out.println(report.trace());
        assertThat(report.violation()).as("what seed %s broke", seed).isNull();
    }

    /** The comments of the seeds state what they found; each was a bug of the product when it was first run. */
    @ParameterizedTest(name = "-Dsim.seed={0}")
    @ValueSource(longs = {106, 748, 789, 1803, 1915, 2028, 2738})
    void keepsThePromisesThatASeedOnceSawBroken(long seed) {
        assertThat(SeedRun.run(seed, false).violation()).isNull();
    }

    @Test
    void aSeedGivesTheSameRunTwice() {
        var traces = traces();

        assertThat(traces).allSatisfy(trace -> assertThat(trace.lines()).hasSizeGreaterThan(100));
        assertThat(traces()).isEqualTo(traces);
    }

    private static List<String> traces() {
        return LongStream.range(0, 10)
                .mapToObj(seed -> SeedRun.run(seed, true).trace())
                .toList();
    }

    @Test
    void aSeedHasAtLeast300StepsAndTwoOpeners() {
        assertThat(LongStream.range(0, 20).mapToObj(seed -> SeedRun.run(seed, false)))
                .allSatisfy(report -> assertThat(report.steps()).isGreaterThanOrEqualTo(300));
    }
}
