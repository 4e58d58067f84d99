package io.seawall.kafkasim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real wal-kafka on a simulated Kafka, with everything going wrong. A seed that breaks a promise is repeated with
 * {@code -Dsim.seed=N}; {@code -Dsim.seeds=COUNT} runs more of them.
 */
class SimulationTest {
    private static final long BATCH = 100;

    static LongStream batches() {
        var one = Long.getLong("sim.seed");
        if (one != null) {
            return LongStream.of(one);
        }
        var from = Long.getLong("sim.from", 0);
        var seeds = Long.getLong("sim.seeds", 300);
        return LongStream.iterate(from, first -> first < from + seeds, first -> first + BATCH);
    }

    @ParameterizedTest(name = "seeds from {0} on")
    @MethodSource("batches")
    void keepsItsPromises(long first) {
        var one = Long.getLong("sim.seed") != null;
        var counts = SeedReport.Counts.NONE;
        var broken = new ArrayList<String>();
        for (var seed = first; seed < first + (one ? 1 : BATCH); seed++) {
            var report = SeedRun.run(seed, one);
            counts = counts.plus(report.counts());
            if (report.violation() != null) {
                broken.add("-Dsim.seed=" + seed + ": " + report.violation());
                if (one) System.out.println(report.trace());
            }
        }
        System.out.println(first + ": " + counts);
        assertThat(broken).isEmpty();
        assertThat(one || counts.isComplete()).isTrue();
    }

    @Test
    void aSeedGivesTheSameRunTwice() {
        assertThat(SeedRun.run(7, true).trace())
                .isNotEmpty()
                .isEqualTo(SeedRun.run(7, true).trace());
    }
}
