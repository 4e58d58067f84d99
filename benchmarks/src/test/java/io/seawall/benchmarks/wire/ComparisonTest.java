package io.seawall.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private final List<String> order = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private final WireReport.Builder report = new WireReport.Builder();

    private Comparison comparison() {
        return new Comparison(WirePart.FAN_OUT, "fast", progress::add);
    }

    private Map<String, Double> note(String side, Map<String, Double> figures) {
        order.add(side);
        return figures;
    }

    @Test
    void eachRoundBeginsWithAnotherSide() {
        comparison()
                .side("a", round -> note("a" + round, Map.of("x", 1.0)))
                .side("b", round -> note("b" + round, Map.of("x", 1.0)))
                .side("c", round -> note("c" + round, Map.of("x", 1.0)))
                .run(4, report);

        assertThat(order).containsExactly("a0", "b0", "c0", "b1", "c1", "a1", "c2", "a2", "b2", "a3", "b3", "c3");
        assertThat(progress).hasSize(12).contains("fan-out, fast, round 2, c: x 1.000");
    }

    @Test
    void othersAreComparedWithTheFirstSideInTheSameRound() {
        // Given a machine that is three times as fast in the second round
        comparison()
                .side("base", round -> Map.of("mb", round == 1 ? 30.0 : 10.0))
                .side("other", round -> Map.of("mb", round == 1 ? 15.0 : round == 0 ? 4.0 : 6.0, "cpu", 1.0))
                .run(3, report);

        var found = report.build();
        assertThat(found.ratios()).singleElement().satisfies(ratio -> {
            assertThat(ratio.side()).isEqualTo("other");
            assertThat(ratio.against()).isEqualTo("base");
            assertThat(ratio.figure()).isEqualTo("mb");
            assertThat(ratio.median()).isCloseTo(0.5, within(1e-9));
            assertThat(ratio.least()).isCloseTo(0.4, within(1e-9));
            assertThat(ratio.most()).isCloseTo(0.6, within(1e-9));
            assertThat(ratio.difference()).isCloseTo(-6, within(1e-9));
        });
        assertThat(found.figures())
                .extracting(WireReport.Figure::side, WireReport.Figure::figure, WireReport.Figure::median)
                .containsExactlyInAnyOrder(
                        tuple("base", "mb", 10.0), tuple("other", "mb", 6.0), tuple("other", "cpu", 1.0));
        assertThat(found.measured()).hasSize(9);
    }

    @Test
    void aSideAloneHasFiguresAndNoRatio() {
        comparison().side("alone", round -> Map.of("mb", 1.0)).run(1, report);

        assertThat(report.build().ratios()).isEmpty();
        assertThat(report.build().figures()).hasSize(1);
    }

    @Test
    void theCostOfAReaderIsWhatTheNodeUsesMore() {
        var with = List.of(Map.of("nodeCores", 1.2), Map.of("nodeCores", 0.8));
        var without = List.of(Map.of("nodeCores", 0.2), Map.of("nodeCores", 0.3));

        var costs = FanOut.costOfAReader(with, without, 100);

        assertThat(costs)
                .extracting(cost -> cost.getOrDefault("nodeCpuMsPerSecond", Double.NaN))
                .usingComparatorForType((one, other) -> Math.abs(one - other) < 1e-9 ? 0 : 1, Double.class)
                .containsExactly(10.0, 5.0);
        assertThat(FanOut.costOfAReader(List.of(Map.of()), List.of(Map.of()), 100))
                .isEmpty();
    }
}
