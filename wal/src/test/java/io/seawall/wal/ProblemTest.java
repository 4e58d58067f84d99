package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void aMessageMayNameOnlyWhatWasExpected() {
        var problem = Problem.of(ErrorCode.INVALID, "poll").expected("1 record or more");

        assertThat(problem.message()).isEqualTo("cannot poll: expected 1 record or more");
    }

    @Test
    void eachPartKeepsTheOthers() {
        var cause = new IllegalStateException("planted");
        List<UnaryOperator<Problem>> parts = List.of(
                problem -> problem.pchannel(new PChannel("orders", 3)),
                problem -> problem.effect(Effect.UNKNOWN),
                problem -> problem.found("a gap"),
                problem -> problem.expected("none"),
                problem -> problem.fix("try again"),
                problem -> problem.cause(cause),
                problem -> problem.with("tail", 5),
                problem -> problem.with("oldest", 2));

        for (var last = 0; last < parts.size(); last++) {
            var problem = Problem.of(ErrorCode.UNAVAILABLE, "read orders-3");
            for (var part = 1; part <= parts.size(); part++) {
                problem = parts.get((last + part) % parts.size()).apply(problem);
            }

            assertThat(problem.pchannel()).isEqualTo(new PChannel("orders", 3));
            assertThat(problem.effect()).isEqualTo(Effect.UNKNOWN);
            assertThat(problem.message()).isEqualTo("cannot read orders-3: found a gap, expected none; try again");
            assertThat(problem.cause()).isSameAs(cause);
            assertThat(problem.numbers()).containsOnlyKeys("tail", "oldest");
        }
    }

    @Test
    void callersCannotChangeTheNumbers() {
        var numbers = Problem.of(ErrorCode.TRIMMED, "read").with("oldest", 7).numbers();

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> numbers.put("oldest", 8L));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 120})
    void aTextFromOutsideIsQuoted(int length) {
        assertThat(foundText("x".repeat(length))).isEqualTo("'" + "x".repeat(length) + "'");
    }

    @Test
    void aLongTextFromOutsideIsCut() {
        assertThat(foundText("x".repeat(121))).isEqualTo("'" + "x".repeat(120) + "...'");
    }

    @Test
    void aTextFromOutsideBreaksNoLine() {
        assertThat(foundText("a\r\nb\u007fc")).isEqualTo("'a??b?c'");
        assertThat(foundText("\ud83d")).as("half of a surrogate pair").isEqualTo("'?'");
    }

    private static String foundText(String text) {
        return String.valueOf(
                Problem.of(ErrorCode.INVALID, "parse").foundText(text).found());
    }
}
