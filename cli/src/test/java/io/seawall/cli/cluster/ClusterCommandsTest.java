package io.seawall.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.cli.Cli;
import io.seawall.cli.FakeNode;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCommandsTest {
    private static final String CLUSTER = """
            {"node":"n1","incarnation":"n1-1","memberId":"m","role":"leading","current":true,
             "coordinator":{"node":"n1","url":"http://n1","since":"2026-01-01T00:00:00Z"},"members":["n1","n2"],
             "nodes":[
              {"node":"n1","state":"there","url":"http://n1","logs":{"owned":3,"open":3,"releasing":0},"movesTo":1,"movesFrom":0},
              {"node":"n2","state":"draining","url":"http://n2","logs":{"owned":1,"open":0,"releasing":1},"movesTo":0,"movesFrom":1}],
             "topics":1,"logs":{"all":6,"unowned":0,"owned":4,"releasing":1,"quarantined":1,"open":3},
             "moves":[{"pchannel":"orders-3","phase":"releasing","term":7,"owner":"n2","target":"n1","reason":"drain"}],
             "quarantined":[{"pchannel":"orders-4","phase":"quarantined","code":"DATA_LOSS"}],
             "drains":[{"node":"n2","forced":false,"reason":"new disk"}],"freezes":[],"pins":[],"unreadable":[]}
            """;
    private static final String EXPLANATION = """
            {"log":{"pchannel":"orders-3","phase":"owned","term":9,"owner":"n2","target":null,"condition":"available","code":null,
              "reason":"owner-suspected","text":"n1 was reported dead by n2","since":"2026-01-01T00:00:05Z"},
             "failures":2,"waits":"n3 is away and may come back",
             "report":{"incarnation":"n2-1","term":9,"condition":"available","code":null,"message":null},
             "rivals":[{"incarnation":"n1-1","term":7,"condition":"failed","seenTerm":8,"rival":"n9","at":"2026-01-01T00:00:04Z"}],
             "pin":{"pchannel":"orders-3","node":"n3","reason":"near its writer"},"freeze":null,
             "transitions":[
              {"at":"2026-01-01T00:00:00Z","what":"owned","node":"n1","term":7,"text":"new: it had no owner","lastedMs":5000},
              {"at":"2026-01-01T00:00:05Z","what":"owned","node":"n2","term":9,"text":"owner suspected","lastedMs":null}],
             "explainedBy":"n1","coordinates":true}
            """;

    private final FakeNode node = new FakeNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void showsTheNodesAndWhatGoesOn() {
        node.on("GET /v1/cluster", 200, CLUSTER);

        assertThat(run("nodes").out()).isEqualTo("""
                        NODE  STATE     LOGS  OPEN  RELEASING  MOVESTO  MOVESFROM  URL
                        n1    there     3     3     0          1        0          http://n1
                        n2    draining  1     0     1          0        1          http://n2

                        cluster: n1 coordinates since 2026-01-01T00:00:00Z; nodes: 1 draining, 1 there; 1 topic; 6 logs, 3 open, 1 releasing, 1 quarantined; 1 move; 1 drain

                        moves:
                        PCHANNEL  PHASE      TERM  OWNER  TARGET  REASON
                        orders-3  releasing  7     n2     n1      drain

                        quarantined:
                        PCHANNEL  PHASE        CODE
                        orders-4  quarantined  DATA_LOSS

                        drains:
                        NODE  FORCED  REASON
                        n2    false   new disk
                        """);
        assertThat(run("nodes", "--json").out()).hasLineCount(1).startsWith("{\"node\":\"n1\",");
        assertThat(node.requests().get(0).query()).containsEntry("from", "coordinator");
    }

    @Test
    void asksTheNodeItselfWhileThereIsNoCoordinator() {
        node.on(
                "GET /v1/cluster",
                request -> request.query().containsKey("from")
                        ? FakeNode.problem(503, "UNAVAILABLE", "none", "no coordinator that n1 knows of")
                        : FakeNode.Answer.json(
                                200,
                                "{\"node\":\"n1\",\"coordinator\":null,\"nodes\":[],\"topics\":0,"
                                        + "\"logs\":{\"all\":0,\"open\":0},\"moves\":[],\"quarantined\":[],\"drains\":[],"
                                        + "\"freezes\":[],\"pins\":[],\"unreadable\":[]}"));

        var outcome = run("nodes");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("no coordinator that n1 knows of; nodes: ; 0 topics; 0 logs, 0 open");
    }

    @Test
    void asksTheNodeItselfIfTheCoordinatorToWhichItRedirectsIsDead() {
        node.on(
                "GET /v1/pchannels/orders-3/explanation",
                request -> request.query().containsKey("local")
                        ? FakeNode.Answer.json(200, EXPLANATION)
                        : redirect("http://127.0.0.1:1/v1/pchannels/orders-3/explanation"));

        assertThat(run("explain", "orders-3").out()).startsWith("orders-3: owned by n2 at term 9, open\n");
    }

    @Test
    void explainsALogInSentences() {
        node.on("GET /v1/pchannels/orders-3/explanation", 200, EXPLANATION);

        assertThat(run("explain", "orders-3").out()).isEqualTo("""
                        orders-3: owned by n2 at term 9, open
                        since: 2026-01-01T00:00:05Z
                        why: owner-suspected: n1 was reported dead by n2
                        waits for: n3 is away and may come back
                        failures in a row: 2
                        the owner reports: available
                        met in the log: n9 at term 8, reported by n1-1 at 2026-01-01T00:00:04Z
                        pinned to: n3 (near its writer)
                        explained by: n1, the coordinator

                        AT                    WHAT   NODE  TERM  LASTED  WHY
                        2026-01-01T00:00:00Z  owned  n1    7     5s      new: it had no owner
                        2026-01-01T00:00:05Z  owned  n2    9     -       owner suspected
                        """);
        assertThat(run("explain", "orders-3", "--json").out()).hasLineCount(1).startsWith("{\"log\":{");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"phase\":\"releasing\",\"term\":3,\"owner\":\"n1\",\"target\":\"n2\"} | owned by n1 at term 3, which releases it for n2",
                "{\"phase\":\"releasing\",\"term\":3,\"owner\":\"n1\",\"target\":null}   | owned by n1 at term 3, which releases it for no other node",
                "{\"phase\":\"unowned\",\"term\":null,\"owner\":null}                    | has no owner",
                "{\"phase\":\"owned\",\"term\":3,\"owner\":\"n1\",\"condition\":null}    | owned by n1 at term 3, which has not reported yet",
                "{\"phase\":\"owned\",\"term\":3,\"owner\":\"n1\",\"condition\":\"failed\"} | owned by n1 at term 3, failed",
                "{\"phase\":\"quarantined\",\"term\":3,\"code\":\"FORGED\"}              | in quarantine because of FORGED at term 3; 'seawall unquarantine' tries once more",
                "{\"phase\":\"retired\",\"term\":3}                                      | retired at term 3",
            })
    void putsEachPhaseIntoWords(String log, String words) {
        node.on(
                "GET /v1/pchannels/o-1/explanation",
                200,
                "{\"log\":" + log + ",\"transitions\":[],\"explainedBy\":\"n2\"}");

        assertThat(run("explain", "o-1").out())
                .startsWith(": " + words + "\n")
                .endsWith("n2, which is not the coordinator: what the log waits for is not known\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drain n2                                        | PUT /v1/nodes/n2/drain            | {}                                     | n2 is being drained",
                "drain n2 --force --reason disk                  | PUT /v1/nodes/n2/drain            | {\"reason\":\"disk\",\"forced\":true}  | n2 is being drained",
                "resume n2                                       | DELETE /v1/nodes/n2/drain         |                                        | n2 takes logs again",
                "forget n2                                       | DELETE /v1/nodes/n2               |                                        | n2 is forgotten",
                "pin orders-3 n2 --reason near                   | PUT /v1/pchannels/orders-3/pin    | {\"reason\":\"near\",\"node\":\"n2\"}  | orders-3 is pinned to n2",
                "pin orders-3 n2                                 | PUT /v1/pchannels/orders-3/pin    | {\"node\":\"n2\"}                      | orders-3 is pinned to n2",
                "unpin orders-3                                  | DELETE /v1/pchannels/orders-3/pin |                                        | orders-3 may be on any node",
                "freeze --reason audit                           | PUT /v1/cluster/freeze            | {\"reason\":\"audit\"}                 | all moves are frozen until 'seawall thaw'",
                "freeze --reason audit --for 10m                 | PUT /v1/cluster/freeze            | {\"reason\":\"audit\",\"ttlMs\":600000} | all moves are frozen for 600 s",
                "freeze --node n2 --reason audit                 | PUT /v1/nodes/n2/freeze           | {\"reason\":\"audit\"}                 | moves to and from n2 are frozen until 'seawall thaw'",
                "freeze --log orders-3 --reason audit            | PUT /v1/pchannels/orders-3/freeze | {\"reason\":\"audit\"}                 | moves of orders-3 are frozen until 'seawall thaw'",
                "thaw                                            | DELETE /v1/cluster/freeze         |                                        | all moves are allowed again",
                "thaw --node n2                                  | DELETE /v1/nodes/n2/freeze        |                                        | moves to and from n2 are allowed again",
                "thaw --log orders-3                             | DELETE /v1/pchannels/orders-3/freeze |                                     | moves of orders-3 are allowed again",
                "unquarantine orders-3                           | DELETE /v1/pchannels/orders-3/quarantine |                                 | orders-3 is tried once more",
            })
    void ordersAndSaysWhatItDid(String command, String request, String body, String line) {
        node.on(request, 200, "{\"answer\":1}");

        var outcome = run(command.split(" ", -1));

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo(line + "\n");
        var sent = node.requests().get(0).body();
        assertThat(sent.isMissingNode() ? null : Json.line(sent)).isEqualTo(body);
        var args = new ArrayList<>(List.of(command.split(" ", -1)));
        args.add("--json");
        assertThat(run(args.toArray(String[]::new)).out()).isEqualTo("{\"answer\":1}\n");
    }

    @Test
    void ordersAgainWhileThereIsNoCoordinator() {
        var attempts = new AtomicInteger();
        node.on(
                "PUT /v1/nodes/n2/drain",
                request -> attempts.incrementAndGet() < 3
                        ? FakeNode.problem(503, "UNAVAILABLE", "none", "no coordinator")
                        : FakeNode.Answer.json(200, "{}"));

        assertThat(run("drain", "n2").code()).isZero();
        assertThat(attempts).hasValue(3);
    }

    @Test
    void ordersThroughTheFirstNodeAgainIfTheCoordinatorIsDead() {
        var attempts = new AtomicInteger();
        node.on(
                "DELETE /v1/nodes/n2/drain",
                request -> attempts.incrementAndGet() < 2
                        ? redirect("http://127.0.0.1:1/v1/nodes/n2/drain")
                        : FakeNode.Answer.json(200, "{}"));

        assertThat(run("resume", "n2").code()).isZero();
        assertThat(attempts).hasValue(2);
    }

    @Test
    void aRedirectTakesMethodAndBodyAlong() {
        try (var coordinator = new FakeNode()) {
            coordinator.on("PUT /v1/nodes/n2/drain", 200, "{\"by\":\"the coordinator\"}");
            coordinator.on("DELETE /v1/nodes/n2", 200, "{}");
            node.on("PUT /v1/nodes/n2/drain", request -> redirect(coordinator.url() + "/v1/nodes/n2/drain"));
            node.on("DELETE /v1/nodes/n2", request -> redirect(coordinator.url() + "/v1/nodes/n2"));

            assertThat(run("drain", "n2", "--reason", "disk", "--json").out())
                    .isEqualTo("{\"by\":\"the coordinator\"}\n");
            assertThat(run("forget", "n2").code()).isZero();

            assertThat(Json.line(coordinator.requests().get(0).body())).isEqualTo("{\"reason\":\"disk\"}");
            assertThat(coordinator.requests().get(1).method()).isEqualTo("DELETE");
        }
    }

    @Test
    void nodesThatSendEachOtherTheRequestEndInAnError() {
        try (var other = new FakeNode()) {
            node.on("PUT /v1/nodes/n2/drain", request -> redirect(other.url() + "/v1/nodes/n2/drain"));
            other.on("PUT /v1/nodes/n2/drain", request -> redirect(node.url() + "/v1/nodes/n2/drain"));

            var outcome = run("drain", "n2");

            assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
            assertThat(outcome.err()).contains("HTTP_307", "which points to");
            assertThat(node.requests().size() + other.requests().size()).isEqualTo(6);
        }
    }

    @Test
    void showsARefusalWithTheWayOut() {
        node.on(
                "PUT /v1/nodes/n1/drain",
                request -> FakeNode.problem(
                        400,
                        "INVALID",
                        "none",
                        "cannot drain n1: found no other node that may take its logs; force the drain"));

        var outcome = run("drain", "n1");

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err())
                .isEqualTo(
                        "seawall: INVALID: cannot drain n1: found no other node that may take its logs; force the drain\n");
    }

    @Test
    void waitsUntilTheNodeHasNoLogs() {
        var left = new AtomicInteger(3);
        node.on("PUT /v1/nodes/n2/drain", 200, "{}");
        node.on(
                "GET /v1/cluster",
                request -> FakeNode.Answer.json(
                        200,
                        "{\"nodes\":[{\"node\":\"n2\",\"logs\":{\"owned\":" + left.decrementAndGet()
                                + ",\"releasing\":0}}]}"));

        var outcome = run("drain", "n2", "--wait", "--progress");

        assertThat(outcome.out()).isEqualTo("n2 is drained: it has no logs\n");
        assertThat(outcome.err()).isEqualTo("waiting for 2 logs to leave n2 ...\nwaiting for 1 log to leave n2 ...\n");
        assertThat(outcome.code()).isZero();
    }

    @Test
    void saysSoIfNoLogLeavesTheNode() {
        node.on("PUT /v1/nodes/n2/drain", 200, "{}");
        node.on("GET /v1/cluster", 200, "{\"nodes\":[{\"node\":\"n2\",\"logs\":{\"owned\":1,\"releasing\":1}}]}");

        var outcome = run("drain", "n2", "--wait", "--timeout", "0s");

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err()).contains("n2 still has 2 logs", "the drain remains in force");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drain",
                "drain ../n1",
                "drain n2 --timeout soon",
                "resume",
                "pin orders-3",
                "pin Orders-3 n2",
                "freeze",
                "freeze --reason x --for 0",
                "freeze --reason x --node n2 --log orders-3",
                "thaw --node n2 --log orders-3",
                "explain",
                "unquarantine orders",
                "forget",
            })
    void refusesWrongUsageWithoutARequest(String command) {
        assertThat(run(command.split(" ", -1)).code()).isEqualTo(ExitCode.USAGE);
        assertThat(node.requests()).isEmpty();
    }

    private static FakeNode.Answer redirect(String location) {
        return new FakeNode.Answer(307, "text/plain", "", location);
    }

    private Cli.Outcome run(String... command) {
        var args = new ArrayList<>(List.of(command));
        args.addAll(List.of("--url", node.url()));
        return Cli.run(args.toArray(String[]::new));
    }
}
