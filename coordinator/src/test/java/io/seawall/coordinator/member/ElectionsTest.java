package io.seawall.coordinator.member;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a process tries to coordinate. The first pause is 100 ms, and doubles up to 5 s. */
class ElectionsTest {
    private final Elections elections = new Elections();

    /** Returns a process whose last attempts failed, so that its next pause is 400 ms. */
    private void failTwice() {
        elections.onElected(0);
        assertThat(elections.begin(0)).isTrue();
        elections.onSteppedDown(0);
        assertThat(elections.begin(100)).isTrue();
        elections.onSteppedDown(100);
        assertThat(elections.begin(299)).isFalse();
        assertThat(elections.begin(300)).isTrue();
    }

    @Test
    void anElectionThatIsToldAgainBeginsNoSecondAttempt() {
        elections.onElected(0);
        assertThat(elections.begin(0)).isTrue();
        elections.onElected(1);

        assertThat(elections.begin(1)).isFalse();
    }

    @Test
    void aProcessThatLostThePartitionBeginsNothing() {
        elections.onElected(0);
        elections.onDeposed();
        assertThat(elections.begin(10)).isFalse();

        elections.onSteppedDown(10);
        assertThat(elections.begin(60_000)).isFalse();
    }

    @Test
    void pausesBeginAgainAfterALongTimeAsCoordinatorAndNotAfterAShortOne() {
        failTwice();
        elections.onLeading(1_000);
        elections.onSteppedDown(6_000);
        assertThat(elections.begin(6_399)).isFalse();
        assertThat(elections.begin(6_400)).isTrue();

        elections.onLeading(7_000);
        elections.onSteppedDown(12_001);
        assertThat(elections.begin(12_100)).isFalse();
        assertThat(elections.begin(12_101)).isTrue();
    }

    @Test
    void anAttemptThatFailsLongAfterATimeAsCoordinatorDoesNotCountAsOne() {
        elections.onElected(0);
        assertThat(elections.begin(0)).isTrue();
        elections.onLeading(0);
        elections.onSteppedDown(6_000);
        assertThat(elections.begin(6_100)).isTrue();
        elections.onSteppedDown(20_000);

        assertThat(elections.begin(20_199)).isFalse();
        assertThat(elections.begin(20_200)).isTrue();
    }
}
