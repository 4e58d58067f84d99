package io.seawall.clustersim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whole clusters in one thread, in which everything goes wrong. {@code -Dsim.seed=N} repeats one seed and prints its trace;
 * {@code -Dsim.seeds=COUNT} runs so many, from {@code -Dsim.from=N} on. See docs/simulation.md#the-whole-cluster.
 */
class ClusterSimTest {
    private static final long FEW_SEEDS = 6;
    private static final long MANY_SEEDS = 200;

    private static final long MANY = 100;

    /** Events without which a batch of many seeds proves little. */
    private static final List<String> MUST_HAPPEN = List.of(
            "kills",
            "pauses",
            "zombies",
            "leaves",
            "hints",
            "wrong hints",
            "cut off from Kafka",
            "cut off from the group",
            "cut off from the meta topic",
            "groups deleted",
            "groups loaded",
            "compactions",
            "coordinators",
            "fenced writes",
            "meta transactions aborted",
            "suspicions",
            "removals",
            "appends",
            "appends that failed",
            "terms that ended: FAILED",
            "terms that ended: RELEASED",
            "RELEASING",
            "RETIRED",
            "store away",
            "cut off from the store",
            "puts that were lost",
            "puts that came late",
            "answers to puts that were lost",
            "puts that found a segment",
            "puts of a former owner that found a segment",
            "segments",
            "segments of a former owner",
            "flushes",
            "trims");

    @Test
    void keepsItsPromises() {
        var one = Long.getLong("sim.seed");
        if (one != null) {
            var report = ClusterRun.run(one, true);
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
        var slowestMs = 0L;
        for (var seed = from; seed < end; seed++) {
            var report = ClusterRun.run(seed, false);
            report.counts().forEach((event, count) -> counts.merge(event, count, Integer::sum));
            slowestMs = Math.max(slowestMs, report.convergedMs());
            if (report.violation().isPresent()) {
                broken.add("-Dsim.seed=" + seed + ": " + report.violation().get());
            }
        }
        System.out.println("seeds " + from + " to " + (end - 1) + ", at rest within " + slowestMs + " ms: " + counts);
        assertThat(broken).as("seeds that broke a promise").isEmpty();
        assertThat(counts.keySet())
                .as("events that the seeds covered")
                .containsAll(
                        end - from >= MANY ? MUST_HAPPEN : List.of("appends", "kills", "coordinators", "RELEASING"));
    }

    @Test
    void aSeedGivesTheSameRunTwice() {
        var traces = traces();

        assertThat(traces).allSatisfy(trace -> assertThat(trace.lines()).hasSizeGreaterThan(100));
        assertThat(traces()).isEqualTo(traces);
    }

    private static List<String> traces() {
        return LongStream.range(0, 2)
                .mapToObj(seed -> ClusterRun.run(seed, true).trace())
                .toList();
    }
}
