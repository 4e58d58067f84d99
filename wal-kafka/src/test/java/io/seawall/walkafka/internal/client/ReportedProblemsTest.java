package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportedProblemsTest {
    private final ReportedProblems reported = new ReportedProblems();

    @Test
    void eachIsToldOnce() {
        assertThat(reported.found(List.of("a", "b"))).containsExactly("a", "b");
        assertThat(reported.found(List.of("b", "c", "a"))).containsExactly("c");
    }

    @Test
    void oneThatComesBackIsToldAgain() {
        reported.found(List.of("a"));
        assertThat(reported.found(List.of())).isEmpty();

        assertThat(reported.found(List.of("a"))).containsExactly("a");
    }
}
