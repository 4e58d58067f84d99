package io.seawall.node.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {
    private static final List<String> OFFERED = List.of("application/json", "text/event-stream");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                                       | application/json",
                "text/event-stream                         | text/event-stream",
                "text/*                                    | text/event-stream",
                "Text/Event-Stream;charset=utf-8           | text/event-stream",
                "application/json;q=0.1, text/*;q=0.2      | text/event-stream",
                "text/*;q=0.9, text/event-stream;q=0, */*;q=0.1 | application/json",
                "application/json;q=0.5,text/event-stream;q=0.5 | application/json",
                "application/json;note=\",text/event-stream\" | application/json",
            })
    void choosesWhatTheClientLikesBest(String accept, String chosen) {
        assertThat(Accept.choose(List.of(accept), OFFERED)).hasValue(chosen);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"image/png", "application/json;q=0", "application/json;q=x", "nonsense", "a;b=\"", ",;,=", "\""})
    void findsNothingThatFits(String accept) {
        assertThat(Accept.choose(List.of(accept), OFFERED)).isEmpty();
    }

    @Test
    void withoutAWishTheDefaultIsTaken() {
        assertThat(Accept.choose(List.of(), OFFERED)).hasValue("application/json");
    }
}
