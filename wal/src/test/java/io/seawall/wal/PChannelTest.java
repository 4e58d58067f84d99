package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PChannelTest {
    @Test
    void textFormSplitsAtTheLastDash() {
        var pchannel = PChannel.parse("order-lines-12");

        assertThat(pchannel).isEqualTo(new PChannel("order-lines", 12));
        assertThat(pchannel).hasToString("order-lines-12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "orders",
                "-3",
                "orders-",
                "orders-03",
                "orders--",
                "Orders-1",
                "a/../b-1",
                "orders-1234567890",
                "o\n-1",
                "meta-0"
            })
    void refusesOtherTextsAndNamesThem(String text) {
        var error = catchThrowableOfType(RequestException.class, () -> PChannel.parse(text));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.problem().found()).isNotNull().doesNotContain("\n");
        assertThat(error.effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void topicNamesEndAtHundredCharacters() {
        assertThat(new PChannel("a".repeat(100), 0).topic()).hasSize(100);
        assertThat(catchThrowableOfType(RequestException.class, () -> new PChannel("a".repeat(101), 0)))
                .isNotNull();
    }

    @Test
    void sortsByTopicThenNumber() {
        assertThat(PChannel.parse("a-10")).isGreaterThan(PChannel.parse("a-9")).isLessThan(PChannel.parse("b-0"));
    }
}
