package io.seawall.walkafka.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.port.LaneFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecoveryBackoffTest {
    private static final Duration GRACE = Duration.ofMillis(300);

    private final RecoveryBackoff backoff = new RecoveryBackoff(GRACE, new Random(1));

    @Test
    void afterAPlainErrorThereIsNoWait() {
        assertThat(backoff.after(LaneFault.Kind.UNAVAILABLE, 0)).isZero();
    }

    @Test
    void afterAnErrorThatMayMeanARivalTheWaitIsTheGrace() {
        assertThat(backoff.after(LaneFault.Kind.FENCED, 0)).isBetween(GRACE, Duration.ofMillis(375));
    }

    @Test
    void errorsThatFollowEachOtherCloselyWaitLongerEachTimeUpToABound() {
        var last = Duration.ZERO;
        for (var round = 0; round < 5; round++) {
            var wait = backoff.after(LaneFault.Kind.FENCED, round);
            assertThat(wait).isGreaterThan(last);
            last = wait;
        }
        for (var round = 0; round < 100; round++) {
            assertThat(backoff.after(LaneFault.Kind.FENCED, round)).isLessThanOrEqualTo(Duration.ofMillis(6_250));
        }
        assertThat(backoff.streak()).isGreaterThan(100);
    }

    @Test
    void aRefusedRecordNeedsNoWait() {
        for (var round = 0; round < 100; round++) {
            assertThat(backoff.after(LaneFault.Kind.TOO_LARGE, round)).isZero();
        }
        assertThat(backoff.streak()).isZero();
    }

    @Test
    void aPlainErrorRightAfterAnotherWaitsALittleAndEachTimeLonger() {
        var waits = new ArrayList<Duration>();
        for (var round = 0; round < 4; round++) {
            waits.add(backoff.after(LaneFault.Kind.UNAVAILABLE, round * 9_999L));
        }

        assertThat(waits.get(0)).isZero();
        assertThat(waits.get(1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(125));
        assertThat(waits.get(2)).isBetween(Duration.ofMillis(200), Duration.ofMillis(250));
        assertThat(waits.get(3)).isBetween(Duration.ofMillis(400), Duration.ofMillis(500));
    }

    @Test
    void aRefusedRecordDoesNotEndAStreak() {
        backoff.after(LaneFault.Kind.FENCED, 0);
        backoff.after(LaneFault.Kind.TOO_LARGE, 1);
        backoff.after(LaneFault.Kind.FENCED, 2);

        assertThat(backoff.streak()).isEqualTo(1);
    }

    @Test
    void tenSecondsAreFarApart() {
        backoff.after(LaneFault.Kind.UNAVAILABLE, 0);

        assertThat(backoff.after(LaneFault.Kind.UNAVAILABLE, 10_000)).isZero();
    }

    @Test
    void errorsThatAreFarApartAreNoStreak() {
        for (var round = 0; round < 5; round++) {
            assertThat(backoff.after(LaneFault.Kind.UNAVAILABLE, round * 20_000L))
                    .isZero();
        }
        assertThat(backoff.streak()).isZero();
    }
}
