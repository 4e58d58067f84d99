package io.seawall.kafkasim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real wal-kafka on a simulated Kafka with all faults. {@code -Dsim.seed=N} repeats one seed and prints its trace;
 * {@code -Dsim.seeds=COUNT} runs so many of them, from {@code -Dsim.from=N} on. See docs/simulation.md.
 */
class SimulationTest {
    private static final long BATCH = 500;
    private static final long FEW_SEEDS = 300;
    private static final long MANY_SEEDS = 2_000;

    /** Seeds that are run one after the other, and judged together. */
    record Range(long first, long end) {
        @Override
        public String toString() {
            return end - first == 1 ? "seed " + first : "seeds " + first + " to " + (end - 1);
        }
    }

    static Stream<Range> seeds() {
        var one = Long.getLong("sim.seed");
        var from = Long.getLong("sim.from", 0);
        return one != null
                ? Stream.of(new Range(one, one + 1))
                : ranges(from, from + Long.getLong("sim.seeds", FEW_SEEDS));
    }

    static Stream<Range> manySeeds() {
        return ranges(0, MANY_SEEDS);
    }

    private static Stream<Range> ranges(long from, long end) {
        return Stream.iterate(from, first -> first < end, first -> first + BATCH)
                .map(first -> new Range(first, Math.min(end, first + BATCH)));
    }

    @ParameterizedTest(name = "{0}, each repeated with -Dsim.seed=N")
    @MethodSource("seeds")
    void keepsItsPromises(Range range) {
        if (Long.getLong("sim.seed") != null) {
            repeat(range.first());
        } else {
            run(range);
        }
    }

    @ParameterizedTest(name = "{0}, each repeated with -Dsim.seed=N")
    @MethodSource("manySeeds")
    @Tag("full")
    void keepsItsPromisesForLong(Range range) {
        run(range);
    }

    private static void run(Range range) {
        var counts = SeedReport.Counts.NONE;
        var broken = new ArrayList<String>();
        for (var seed = range.first(); seed < range.end(); seed++) {
            var report = SeedRun.run(seed, false);
            counts = counts.plus(report.counts());
            if (report.violation() != null) {
                broken.add("-Dsim.seed=" + seed + ": " + report.violation());
            }
        }
        System.out.println(range + ": " + counts);
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
    @ValueSource(longs = {106, 748, 789, 1803, 1915, 2028, 2738, 5141})
    void keepsThePromisesThatASeedOnceBroke(long seed) {
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
    void aSeedOfTheWorkloadHasAtLeast300StepsAndTwoOpeners() {
        assertThat(LongStream.range(0, SeedRun.WORKLOADS).mapToObj(seed -> SeedRun.run(seed, false)))
                .allSatisfy(report -> assertThat(report.steps()).isGreaterThanOrEqualTo(300));
    }
}
