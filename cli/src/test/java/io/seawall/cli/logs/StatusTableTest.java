package io.seawall.cli.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.seawall.cli.command.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusTableTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T00:03:20Z");
    private static final int TERMINAL = 80;

    private final StatusTable table = new StatusTable(NOW);

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    @Test
    void aLongRowFitsOnATerminal() {
        var log = json(
                "{'pchannel':'payments-settled-117','term':12345,'epoch':3,'state':'available','owner':'node-eu-1',"
                        + "'url':'http://node-eu-1.example:7070','oldest':0,'tail':123456789012,'flushed':1,'lag':123456,"
                        + "'since':'2025-12-01T00:00:00Z','expected':{'term':12345,'available':true}}");

        var lines = Table.lines(List.of(table.row(log, null)));

        assertThat(lines)
                .containsExactly(
                        "LOG                   OWNER      STATE      TERM   TAIL          LAG     AGE",
                        "payments-settled-117  node-eu-1  available  12345  123456789012  123456  31d0h");
        assertThat(lines).allMatch(line -> line.length() <= TERMINAL);
    }

    @Test
    void statesHaveColoursThatTakeNoRoom() {
        var table = List.of(
                "LOG     OWNER  STATE        TERM",
                "a-0     n1     available    1",
                "b-0     n1     unavailable  2",
                "c-0     -      moves to n3  3");

        assertThat(StateColors.paint(table))
                .containsExactly(
                        "LOG     OWNER  STATE        TERM",
                        "a-0     n1     \u001b[32mavailable\u001b[0m    1",
                        "b-0     n1     \u001b[31munavailable\u001b[0m  2",
                        "c-0     -      \u001b[33mmoves to n3\u001b[0m  3");
        assertThat(StateColors.paint(List.of())).isEmpty();
        assertThat(StateColors.paint(List.of("NODE", "n1"))).containsExactly("NODE", "n1");
    }

    @Test
    void coloursAreForTerminalsWhoseUsersWantThem() {
        assertThat(StateColors.wanted(true, Map.of())).isTrue();
        assertThat(StateColors.wanted(true, Map.of("NO_COLOR", ""))).isTrue();
        assertThat(StateColors.wanted(true, Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(StateColors.wanted(false, Map.of())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'phase':'owned','owner':'n2','condition':'available'}           | available
            {'phase':'owned','owner':'n2','condition':''}                    | opening
            {'phase':'owned','owner':'n2','condition':'unavailable'}         | unavailable
            {'phase':'releasing','owner':'n2','target':'n3'}                 | moves to n3
            {'phase':'releasing','owner':'n2','target':null}                 | closing
            {'phase':'unowned','owner':null}                                 | unowned
            {'phase':'quarantined','owner':null,'code':'DATA_LOSS'}          | quarantined
            """)
    void theClusterKnowsTheStateOfEachLog(String place, String state) {
        var log = json("{'pchannel':'orders-0','state':'unavailable','owner':'n9','term':1,'tail':5}");

        assertThat(table.row(log, json(place)).path("state").asText()).isEqualTo(state);
    }

    @Test
    void ownerTermAndAgeAreThoseOfTheCluster() {
        var log = json(
                "{'pchannel':'orders-0','state':'unavailable','owner':null,'term':6,'since':'2020-01-01T00:00:00Z'}");
        var place = json("{'phase':'owned','owner':'n2','condition':'','term':7,'since':'2026-01-01T00:00:00Z'}");

        var row = table.row(log, place);

        assertThat(row.path("owner").asText()).isEqualTo("n2");
        assertThat(row.path("term").asLong()).isEqualTo(7);
        assertThat(row.path("age").asText()).isEqualTo("3m20s");
    }

    @Test
    void aTimeThatIsNoneIsShownAsItIs() {
        assertThat(table.row(json("{'pchannel':'orders-0','since':'yesterday'}"), null)
                        .path("age")
                        .asText())
                .isEqualTo("yesterday");
    }

    @Test
    void saysWhyALogIsNotAvailable() {
        var logs = List.of(
                json("{'pchannel':'orders-0','cause':null}"),
                json("{'pchannel':'orders-1','cause':'cannot open orders-1 at term 7: found n3'}"),
                json("{'pchannel':'orders-2'}"));

        assertThat(table.causes(logs)).containsExactly("orders-1: cannot open orders-1 at term 7: found n3");
    }
}
