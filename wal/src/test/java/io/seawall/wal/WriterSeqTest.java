package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WriterSeqTest {
    @ParameterizedTest
    @ValueSource(strings = {"w/0", "loader-7/12", "A.b_c-9/999999999999999999"})
    void theTextFormIsReadBack(String text) {
        assertThat(WriterSeq.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "w",
                "w/",
                "/0",
                "w/-1",
                "w/00",
                "w/01",
                "w/1/2",
                "a b/0",
                "w/1000000000000000000",
                "w\n/0",
                "ü/0",
                "w/ 1"
            })
    void refusesOtherTextsAndNamesThem(String text) {
        var error = catchThrowableOfType(RequestException.class, () -> WriterSeq.parse(text));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.problem().found()).isNotNull().doesNotContain("\n");
        assertThat(error.problem().expected()).contains("loader-7/0");
    }

    @Test
    void anIdHasAtMostAHundredCharacters() {
        assertThat(new WriterSeq("x".repeat(100), 0).id()).hasSize(100);

        var error = catchThrowableOfType(RequestException.class, () -> new WriterSeq("x".repeat(101), 0));

        assertThat(error.problem().expected()).contains("1 to 100 of");
    }

    @ParameterizedTest
    @CsvSource({"a/b, 0", "'', 0", "w, -1", "w, 1000000000000000000"})
    void refusesPartsThatHaveNoTextForm(String id, long seq) {
        var error = catchThrowableOfType(RequestException.class, () -> new WriterSeq(id, seq));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
    }
}
