package io.seawall.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifetimeStateTest {
    /** Every pair of the first states; "yes" if a pchannel may go from the row's first state to its second. */
    @ParameterizedTest(name = "({0},{1}) to ({2},{3}): {4}")
    @CsvSource({
        "-1,false,-1,false,no",
        "-1,false,1,true,yes",
        "-1,false,1,false,yes",
        "-1,false,2,true,yes",
        "-1,false,2,false,yes",
        "1,true,-1,false,no",
        "1,true,1,true,no",
        "1,true,1,false,yes",
        "1,true,2,true,yes",
        "1,true,2,false,yes",
        "1,false,-1,false,no",
        "1,false,1,true,no",
        "1,false,1,false,no",
        "1,false,2,true,yes",
        "1,false,2,false,yes",
        "2,true,-1,false,no",
        "2,true,1,true,no",
        "2,true,1,false,no",
        "2,true,2,true,no",
        "2,true,2,false,yes",
        "2,false,-1,false,no",
        "2,false,1,true,no",
        "2,false,1,false,no",
        "2,false,2,true,no",
        "2,false,2,false,no",
    })
    void ordersLowerTermFirstAndAvailableBeforeUnavailable(
            long term, boolean available, long otherTerm, boolean otherAvailable, String allowed) {
        var from = new LifetimeState(term, available);
        var to = new LifetimeState(otherTerm, otherAvailable);

        assertThat(from.isBefore(to)).isEqualTo(allowed.equals("yes"));
    }

    @Test
    void startsUnavailableBelowEveryTerm() {
        assertThat(LifetimeState.INITIAL)
                .isEqualTo(LifetimeState.unavailableAt(-1))
                .hasToString("never opened");
        assertThat(LifetimeState.INITIAL.isBefore(LifetimeState.availableAt(0))).isTrue();
    }
}
