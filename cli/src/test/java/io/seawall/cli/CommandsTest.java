package io.seawall.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {
    private static final String LOG_0 =
            "{\"pchannel\":\"orders-0\",\"term\":7,\"state\":\"available\",\"owner\":\"n1\",\"tail\":1042,\"cause\":null}";
    private static final String LOG_1 =
            "{\"pchannel\":\"orders-1\",\"term\":12,\"state\":\"unavailable\",\"owner\":null,\"tail\":5,\"cause\":null}";
    private static final String OTHER = "{\"pchannel\":\"orders-eu-0\",\"term\":1,\"state\":\"available\"}";
    private static final String LOGS = "{\"pchannels\":[" + LOG_0 + "," + LOG_1 + "," + OTHER + "]}";
    private static final String TOPIC = "{\"topic\":\"orders\",\"pchannels\":2,\"replicationFactor\":1}";

    private final FakeNode node = new FakeNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void showsAllLogsInColumns() {
        node.on("GET /v1/pchannels", 200, LOGS);

        assertThat(run("status").out()).isEqualTo("""
                        LOG          OWNER  STATE        TERM  TAIL
                        orders-0     n1     available    7     1042
                        orders-1     -      unavailable  12    5
                        orders-eu-0  -      available    1     -
                        """);
        assertThat(run("status", "--wide").out()).isEqualTo("""
                        PCHANNEL     TERM  STATE        OWNER  TAIL
                        orders-0     7     available    n1     1042
                        orders-1     12    unavailable  -      5
                        orders-eu-0  1     available    -      -
                        """);
    }

    @Test
    void showsAllLogsAsJsonLines() {
        node.on("GET /v1/pchannels", 200, LOGS);

        assertThat(run("status", "--json").out()).isEqualTo(LOG_0 + "\n" + LOG_1 + "\n" + OTHER + "\n");
    }

    @Test
    void showsThePhaseOfEachLogAndALineAboutTheCluster() {
        node.on("GET /v1/pchannels", 200, LOGS);
        node.on("GET /v1/cluster", 200, """
                {"node":"n1","coordinator":{"node":"n2"},"nodes":[{"node":"n1","state":"there"},{"node":"n2","state":"unknown"}],
                 "topics":1,"logs":{"all":2,"open":1,"releasing":1},
                 "pchannels":[{"pchannel":"orders-0","phase":"releasing","owner":"n1","target":"n2"},
                              {"pchannel":"orders-1","phase":"owned","owner":"n2","target":null}]}
                """);

        assertThat(run("status").out()).isEqualTo("""
                        LOG          OWNER  STATE        TERM  TAIL
                        orders-0     n1     moves to n2  7     1042
                        orders-1     n2     opening      12    5
                        orders-eu-0  -      available    1     -

                        cluster: n2 coordinates; nodes: 1 there, 1 unknown; 1 topic; 2 logs, 1 open, 1 releasing
                        """);
        assertThat(run("status", "--wide").out()).isEqualTo("""
                        PCHANNEL     TERM  STATE        OWNER  TAIL  PHASE      TARGET
                        orders-0     7     available    n1     1042  releasing  n2
                        orders-1     12    unavailable  n2     5     owned      -
                        orders-eu-0  1     available    -      -     -          -

                        cluster: n2 coordinates; nodes: 1 there, 1 unknown; 1 topic; 2 logs, 1 open, 1 releasing
                        """);
        assertThat(run("status", "--json").out()).hasLineCount(3).contains("\"owner\":\"n2\"", "\"phase\":\"owned\"");
        assertThat(node.requests().get(1).query()).containsEntry("logs", "true");
    }

    @Test
    void aNodeInNoClusterShowsItsLogs() {
        node.on("GET /v1/pchannels", 200, LOGS);
        node.on("GET /v1/cluster", any -> FakeNode.problem(400, "INVALID", "none", "mode=manual has no cluster"));

        assertThat(run("status").out()).hasLineCount(4);
    }

    @Test
    void watchesUntilItsOutputIsGone() {
        node.on("GET /v1/pchannels", 200, LOGS);
        var screens = new ByteArrayOutputStream();
        var reader = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (screens.toString(UTF_8).split("LOG ", -1).length > 2 && b == '\n') {
                    throw new IOException("Broken pipe");
                }
                screens.write(b);
            }
        };

        Cli.run(InputStream.nullInputStream(), reader, "status", "--watch", "1", "--url", node.url());

        assertThat(node.requests().stream().filter(request -> request.path().equals("/v1/pchannels")))
                .hasSize(2);
    }

    @Test
    void refusesToWatchWithoutAPause() {
        var outcome = run("status", "--watch", "0");

        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("--watch 0: expected 1 or more seconds");
    }

    @Test
    void showsOneLogInFull() {
        node.on("GET /v1/pchannels/orders-0", 200, LOG_0);

        assertThat(run("status", "orders-0").out())
                .startsWith("pchannel: orders-0\nterm: 7\n")
                .endsWith("cause: -\n");
        assertThat(run("status", "orders-0", "--json").out()).isEqualTo(LOG_0 + "\n");
    }

    @Test
    void showsWhatTheNodeWasToldAndWhatFailedLast() {
        var failure = "{\"term\":6,\"at\":\"2026-01-01T00:00:00Z\",\"code\":\"FENCED\",\"error\":\"cannot write\"}";
        var log =
                "{\"pchannel\":\"orders-0\",\"since\":\"2026-01-01T00:00:09Z\",\"expected\":{\"term\":7,\"available\":true},"
                        + "\"current\":{\"term\":6,\"available\":false},\"termsSeen\":2,\"lastFailure\":" + failure
                        + "}";
        node.on("GET /v1/pchannels", 200, "{\"pchannels\":[" + log + "]}");
        node.on("GET /v1/pchannels/orders-0", 200, log);

        assertThat(run("status", "--wide").out()).isEqualTo("""
                        PCHANNEL  SINCE                 EXPECTED                CURRENT                  TERMSSEEN  LASTFAILURE
                        orders-0  2026-01-01T00:00:09Z  term 7, available true  term 6, available false  2          FENCED at term 6
                        """);
        assertThat(run("status", "orders-0").out()).isEqualTo("""
                        pchannel: orders-0
                        since: 2026-01-01T00:00:09Z
                        expected: term 7, available true
                        current: term 6, available false
                        termsSeen: 2
                        lastFailure: term 6, at 2026-01-01T00:00:00Z, code FENCED, error cannot write
                        """);
        assertThat(run("status", "--json").out()).isEqualTo(log + "\n");
    }

    @Test
    void listsTopics() {
        node.on("GET /v1/topics", 200, "{\"topics\":[" + TOPIC + "]}");

        assertThat(run("topics", "list").out())
                .isEqualTo("TOPIC   PCHANNELS  REPLICATIONFACTOR\norders  2          1\n");
        assertThat(run("topics", "list", "--json").out()).isEqualTo(TOPIC + "\n");
    }

    @Test
    void createsATopicWithWhatWasGivenAndLeavesTheRestToTheNode() {
        node.on("PUT /v1/topics/orders", 201, TOPIC);

        var outcome = run("topics", "create", "orders", "--pchannels", "2", "--json");

        assertThat(outcome.out()).isEqualTo(TOPIC + "\n");
        assertThat(Json.line(node.requests().get(0).body())).isEqualTo("{\"pchannels\":2}");
    }

    @Test
    void deletesATopicThatIsNamedTwice() {
        node.on("DELETE /v1/topics/orders", 204, "");

        var outcome = run("topics", "delete", "orders", "--confirm", "orders", "--segments");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEqualTo("deleted orders\n");
        assertThat(node.requests().get(0).query())
                .containsEntry("confirm", "orders")
                .containsEntry("segments", "true");
        assertThat(run("topics", "delete", "orders").code()).isEqualTo(2);
    }

    @Test
    void describesATopicWithItsOwnLogsOnly() {
        node.on("GET /v1/topics", 200, "{\"topics\":[" + TOPIC + "]}").on("GET /v1/pchannels", 200, LOGS);

        assertThat(run("topics", "describe", "orders", "--json").out())
                .isEqualTo("{\"topic\":" + TOPIC + ",\"pchannels\":[" + LOG_0 + "," + LOG_1 + "]}\n");
        assertThat(run("topics", "describe", "orders").out()).contains("replicationFactor: 1\n", "orders-1");
        assertThat(run("topics", "describe", "absent").err()).startsWith("seawall: NOT_FOUND: no topic absent");
    }

    @Test
    void assignsATermAndWaits() {
        node.on("PUT /v1/pchannels/orders-0/assignment", 200, LOG_0);

        var outcome = run("assign", "orders-0", "--term", "8", "--wait", "1m");

        assertThat(outcome.code()).isZero();
        assertThat(node.requests().get(0).query()).containsEntry("waitMs", "60000");
        assertThat(Json.line(node.requests().get(0).body())).isEqualTo("{\"term\":8,\"available\":true}");
    }

    @Test
    void failsIfAnAssignmentIsNotDoneInTime() {
        node.on("PUT /v1/pchannels/orders-0/assignment", 202, LOG_1);

        var outcome = run("assign", "orders-0", "--term", "8", "--unavailable", "--json");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEqualTo(LOG_1 + "\n");
        assertThat(outcome.err()).contains("not yet done after 30000 ms");
        assertThat(Json.line(node.requests().get(0).body())).isEqualTo("{\"term\":8,\"available\":false}");
        assertThat(run("assign", "orders-0", "--term", "8", "--wait", "0s").code())
                .isZero();
    }

    @Test
    void flushes() {
        node.on("POST /v1/pchannels/orders-0/flush", 200, "{\"flushed\":1041}");

        assertThat(run("flush", "orders-0").out()).isEqualTo("flushed: 1041\n");
        assertThat(run("flush", "orders-0", "--json").out()).isEqualTo("{\"flushed\":1041}\n");
    }

    @Test
    void pausesAndResumesFlushing() {
        node.on("POST /v1/pchannels/orders-0/flush/pause", 200, "{\"paused\":true}");
        node.on("POST /v1/pchannels/orders-0/flush/resume", 200, "{\"paused\":false}");

        assertThat(run("flush", "orders-0", "--pause").out()).isEqualTo("paused: true\n");
        assertThat(run("flush", "orders-0", "--resume").out()).isEqualTo("paused: false\n");
        assertThat(run("flush", "orders-0", "--pause", "--resume").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void trims() {
        node.on("POST /v1/pchannels/orders-0/trim", 200, "{\"oldest\":1040}");

        assertThat(run("trim", "orders-0", "--before", "1042").out()).isEqualTo("oldest: 1040\n");
        assertThat(Json.line(node.requests().get(0).body())).isEqualTo("{\"before\":1042}");
        assertThat(run("trim", "orders-0").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void listsSegments() {
        node.on("GET /v1/pchannels/orders-0/segments", 200, "{\"segments\":[{\"first\":0,\"last\":41,\"bytes\":900}]}");

        assertThat(run("segments", "ls", "orders-0").out()).isEqualTo("FIRST  LAST  BYTES\n0      41    900\n");
        assertThat(run("segments", "ls", "orders-0", "--json").out())
                .isEqualTo("{\"first\":0,\"last\":41,\"bytes\":900}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ok\":true,\"segments\":3,\"errors\":[]} | 0",
                "{\"ok\":false,\"segments\":3} | 1",
                "{\"segments\":3,\"errors\":[\"gap\"]} | 1"
            })
    void failsIfSegmentsAreNotSound(String verdict, int code) {
        node.on("POST /v1/pchannels/orders-0/segments/verify", 200, verdict);

        var outcome = run("segments", "verify", "orders-0", "--json");

        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.out()).isEqualTo(verdict + "\n");
    }

    @Test
    void showsAProblemAsOneLine() {
        node.on(
                "GET /v1/pchannels/orders-9",
                any -> FakeNode.problem(404, "NOT_FOUND", "none", "topic orders has\n4 pchannels\u001b[2J"));

        var outcome = run("status", "orders-9");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).isEqualTo("seawall: NOT_FOUND: topic orders has 4 pchannels?[2J\n");
    }

    @Test
    void statesThatAChangeMayHaveBeenMade() {
        node.on("PUT /v1/topics/t", any -> FakeNode.problem(503, "UNAVAILABLE", "unknown", "no answer"));

        var outcome = run("topics", "create", "t");

        assertThat(outcome.err()).isEqualTo("seawall: UNAVAILABLE: no answer (it may have been done)\n");
    }

    @Test
    void showsWhatAnotherKindOfServerAnswers() {
        node.on("GET /v1/pchannels", any -> new FakeNode.Answer(502, "text/html", "<h1>Bad\nGateway</h1>", ""));
        node.on("GET /v1/topics", any -> new FakeNode.Answer(200, "text/html", "<h1>Welcome</h1>", ""));

        assertThat(run("status").err())
                .isEqualTo("seawall: HTTP_502: answer of " + node.url() + "/v1/pchannels: <h1>Bad Gateway</h1>\n");
        assertThat(run("topics", "list").err()).contains("BAD_ANSWER", "is it a node?");
    }

    @Test
    void namesTheAddressThatDoesNotAnswerAndHowToStartANode() {
        node.close();

        var outcome = run("status");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("nothing answers at " + node.url(), "./seawall dev", "SEAWALL_URL");
    }

    @ParameterizedTest
    @CsvSource({"localhost:7070", "ftp://localhost", "http://", "''"})
    void refusesAnAddressThatIsNone(String url) {
        var outcome = Cli.run("status", "--url", url);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("is not an address like http://127.0.0.1:7070");
    }

    @Test
    void describesWrongUsage() {
        assertThat(Cli.run().code()).isEqualTo(2);
        assertThat(Cli.run("topics").code()).isEqualTo(2);
        assertThat(Cli.run("stauts").err()).contains("status", "Try 'seawall --help'.");
        assertThat(Cli.run("assign", "orders-0").err()).contains("--term");
        assertThat(Cli.run("assign", "orders-0", "--term", "1", "--wait", "soon")
                        .code())
                .isEqualTo(2);
        assertThat(Cli.run("assign", "orders-0", "--term", "1", "--wait", "61s").code())
                .isEqualTo(2);
        assertThat(Cli.run("topics", "create", "meta").err()).contains("'meta' is reserved for Seawall's own records");
    }

    @Test
    void anAddressThatNoClientCanGoToIsNamedAndNoBug() {
        assertThat(Cli.run("status", "--url", "http://127.0.0.1:99999").code()).isEqualTo(2);
        node.on(
                "GET /v1/pchannels",
                any -> new FakeNode.Answer(307, "text/plain", "", "http://under_score:1/v1/pchannels"));

        var redirected = run("status");

        assertThat(redirected.code()).isEqualTo(1);
        assertThat(redirected.err()).startsWith("seawall: NO_CONNECTION: ").contains("redirects");
    }

    @Test
    void anExportIntoADirectoryIsRefusedFirst() {
        var root = Cli.run("segments", "export", "orders-0", "--root", "/tmp", "--output", "/");

        assertThat(root.code()).isEqualTo(1);
        assertThat(root.err()).isEqualTo("seawall: cannot write /: it is a directory; name a file in it\n");
    }

    @Test
    void helpsOnEveryCommand() {
        assertThat(Cli.run("--help").out())
                .contains("append", "read", "status", "topics", "assign", "flush", "segments");
        assertThat(Cli.run("segments", "verify", "--help").code()).isZero();
        assertThat(Cli.run("--version").out()).startsWith("seawall ");
    }

    private Cli.Outcome run(String... command) {
        var args = new ArrayList<>(List.of(command));
        args.addAll(List.of("--url", node.url()));
        return Cli.run(args.toArray(String[]::new));
    }
}
