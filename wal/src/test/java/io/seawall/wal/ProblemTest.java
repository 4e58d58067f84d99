package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
    @Test
    void messageNamesOperationFoundExpectedAndFix() {
        var problem = Problem.of(ErrorCode.TERM_EXPIRED, "open orders-3 at term 7")
                .found("claim of term 8 by node-2")
                .expected("no term of 7 or above")
                .fix("open it at term 9");

        assertThat(problem.message())
                .isEqualTo("cannot open orders-3 at term 7: found claim of term 8 by node-2, "
                        + "expected no term of 7 or above; open it at term 9");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasAnExceptionThatKeepsIt(ErrorCode code) {
        var problem = Problem.of(code, "do it").with("tail", 5).effect(Effect.UNKNOWN);

        var error = problem.exception();

        assertThat(error.code()).isEqualTo(code);
        assertThat(error.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(error.problem().numbers()).containsEntry("tail", 5L);
    }
}
