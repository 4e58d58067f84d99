package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TroublesTest {
    private final Troubles troubles = new Troubles();

    @Test
    void eachIsToldOnce() {
        assertThat(troubles.found(List.of("a", "b"))).containsExactly("a", "b");
        assertThat(troubles.found(List.of("b", "c", "a"))).containsExactly("c");
    }

    @Test
    void oneThatComesBackIsToldAgain() {
        troubles.found(List.of("a"));
        assertThat(troubles.found(List.of())).isEmpty();

        assertThat(troubles.found(List.of("a"))).containsExactly("a");
    }
}
