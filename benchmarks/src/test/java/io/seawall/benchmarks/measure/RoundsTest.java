package io.seawall.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void sidesTakeTurnsInGoingFirst() {
        var order = new ArrayList<String>();

        var pairs = Rounds.interleaved(
                3,
                round -> order.add("bare " + round),
                round -> order.add("seawall " + round),
                pair -> order.add("told"));

        assertThat(order)
                .containsExactly(
                        "bare 0", "seawall 0", "told", "seawall 1", "bare 1", "told", "bare 2", "seawall 2", "told");
        assertThat(pairs).hasSize(3);
    }

    @Test
    void eachSideGetsItsOwnFigureWhicheverRanFirst() {
        var pairs = Rounds.interleaved(2, round -> "bare", round -> "seawall", pair -> {});

        assertThat(pairs).containsOnly(new Pair<>("bare", "seawall"));
    }

    @Test
    void ratioIsOursDividedByBareInTheSameRound() {
        var pairs = List.of(new Pair<>(100.0, 90.0), new Pair<>(10.0, 10.0), new Pair<>(50.0, 40.0));

        var ratio = Rounds.medianRatio(pairs, figure -> figure);

        assertThat(ratio).isEqualTo(0.9);
    }

    @Test
    void oneRoundInWhichTheMachineStalledDoesNotDecide() {
        var pairs = List.of(new Pair<>(100.0, 95.0), new Pair<>(100.0, 1.0), new Pair<>(100.0, 97.0));

        var ratio = Rounds.medianRatio(pairs, figure -> figure);

        assertThat(ratio).isEqualTo(0.95);
    }

    @Test
    void medianOfAnEvenNumberIsTheMiddleOfTheTwoInTheMiddle() {
        var pairs = List.of(new Pair<>(1.0, 4.0), new Pair<>(1.0, 1.0), new Pair<>(1.0, 2.0), new Pair<>(1.0, 3.0));

        var ratio = Rounds.medianRatio(pairs, figure -> figure);

        assertThat(ratio).isCloseTo(2.5, within(1e-9));
    }

    @Test
    void noRoundHasNoMedian() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rounds.medianRatio(List.<Pair<Double>>of(), figure -> figure));
    }
}
