package io.seawall.walkafka.internal.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(3), Duration.ofMillis(20));

    @Test
    void eachPauseIsTwiceTheOneBeforeUpToTheBound() {
        assertThat(IntStream.range(0, 5).mapToObj(backoff::after))
                .extracting(Duration::toMillis)
                .containsExactly(3L, 6L, 12L, 20L, 20L);
    }

    @Test
    void manyPausesDoNotOverflow() {
        assertThat(new Backoff(Duration.ofDays(1), Duration.ofDays(2)).after(Integer.MAX_VALUE))
                .isEqualTo(Duration.ofDays(2));
    }
}
