package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.placement.Command;
import io.seawall.wal.PChannel;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandHttpTest {
    private static final PChannel ORDERS_0 = new PChannel("orders", 0);

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private HttpFixture.Answer put(String path) {
        return http.send(http.request(path).PUT(BodyPublishers.noBody()));
    }

    private HttpFixture.Answer delete(String path) {
        return http.send(http.request(path).DELETE());
    }

    @Test
    void drainsANodeAndLetsItTakeLogsAgain() {
        var drained = http.put("/v1/nodes/n2/drain", "{\"reason\":\"new disk\"}");

        assertThat(drained.status()).isEqualTo(200);
        assertThat(drained.text("state")).isEqualTo("draining");
        assertThat(drained.json().path("drain").toString())
                .isEqualTo(
                        "{\"node\":\"n2\",\"forced\":false,\"reason\":\"new disk\",\"since\":\"2026-01-01T00:00:10Z\"}");
        assertThat(http.cluster.commands).containsExactly(new Command.DrainNode("n2", false, "new disk"));

        var resumed = delete("/v1/nodes/n2/drain");

        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.text("state")).isEqualTo("there");
        assertThat(http.get("/v1/cluster").json().path("drains")).isEmpty();
        assertThat(delete("/v1/nodes/n2/drain").status()).as("once more").isEqualTo(200);
    }

    @Test
    void aDrainNeedsNoBody() {
        assertThat(put("/v1/nodes/n2/drain").status()).isEqualTo(200);
    }

    @Test
    void aDrainOfTheLastNodeIsRefusedWithTheWayOutUnlessItIsForced() {
        put("/v1/nodes/n2/drain");
        var refused = put("/v1/nodes/n1/drain");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("detail"))
                .contains("no other node that may take its logs", "start another node, or force the drain");

        assertThat(http.put("/v1/nodes/n1/drain", "{\"forced\":true}").status()).isEqualTo(200);
    }

    @Test
    void pinsALogAndUnpinsIt() {
        var pinned = http.put("/v1/pchannels/orders-0/pin", "{\"node\":\"n2\",\"reason\":\"near its writer\"}");

        assertThat(pinned.status()).isEqualTo(200);
        assertThat(pinned.json().path("pin").path("node").asText()).isEqualTo("n2");
        assertThat(pinned.json().path("pin").path("reason").asText()).isEqualTo("near its writer");
        assertThat(http.get("/v1/pchannels/orders-0/explanation")
                        .json()
                        .path("pin")
                        .path("node")
                        .asText())
                .isEqualTo("n2");
        assertThat(http.get("/v1/cluster").json().path("pins")).hasSize(1);

        assertThat(delete("/v1/pchannels/orders-0/pin").json().path("pin").isNull())
                .isTrue();
        assertThat(delete("/v1/pchannels/orders-0/pin").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/cluster/freeze, all, '', freeze/all",
        "/v1/nodes/n2/freeze, node, n2, freeze/node/n2",
        "/v1/pchannels/orders-0/freeze, pchannel, orders-0, freeze/pchannel/orders-0",
    })
    void freezesMovesAndThawsThem(String path, String scope, String subject, String key) {
        var frozen = http.put(path, "{\"reason\":\"audit\",\"ttlMs\":600000}");

        assertThat(frozen.status()).isEqualTo(200);
        assertThat(http.cluster.commands)
                .containsExactly(new Command.FreezeMoves(
                        MetaKey.parse(key).orElseThrow(), "audit", Optional.of(Duration.ofMinutes(10))));
        var freeze = http.get("/v1/cluster").json().path("freezes").get(0);
        assertThat(freeze.path("scope").asText()).isEqualTo(scope);
        assertThat(freeze.path(scope).asText()).isEqualTo(subject);
        assertThat(freeze.path("until").asText())
                .isEqualTo(FakeCluster.START.plusSeconds(610).toString());
        assertThat(frozen.raw().body()).contains("\"reason\":\"audit\"");

        var thawed = delete(path);

        assertThat(thawed.status()).isEqualTo(200);
        assertThat(thawed.raw().body()).doesNotContain("audit");
        assertThat(http.get("/v1/cluster").json().path("freezes")).isEmpty();
        assertThat(delete(path).status()).as("once more").isEqualTo(200);
    }

    @Test
    void aFreezeWithoutATimeLastsUntilItIsTakenBack() {
        var frozen = http.put("/v1/cluster/freeze", "{\"reason\":\"audit\"}");

        assertThat(frozen.json().path("freezes").get(0).path("until").isNull()).isTrue();
    }

    @Test
    void endsAQuarantine() {
        var owned = (Owned) http.cluster.view().state().assignment(ORDERS_0).orElseThrow();
        http.cluster.write(new Status(
                ORDERS_0,
                owned.owner().incarnation(),
                owned.term(),
                Condition.FAILED,
                "FORGED",
                "",
                -1,
                "",
                0,
                FakeCluster.START));
        http.cluster.pass(100);

        var ended = delete("/v1/pchannels/orders-0/quarantine");

        assertThat(ended.status()).isEqualTo(200);
        assertThat(ended.json().path("log").path("phase").asText()).isEqualTo("unowned");
        http.cluster.pass(100);
        assertThat(delete("/v1/pchannels/orders-0/quarantine").text("found")).isEqualTo("a log that is owned");
    }

    @Test
    void forgetsANodeThatIsGone() {
        assertThat(delete("/v1/nodes/n2").text("found")).isEqualTo("a node that is not gone");

        http.cluster.leave("n2");
        for (var seconds = 0; seconds < 30; seconds++) {
            http.cluster.pass(1_000);
        }
        var forgotten = delete("/v1/nodes/n2");

        assertThat(forgotten.status()).isEqualTo(200);
        assertThat(forgotten.text("forgotten")).isEqualTo("n2");
        assertThat(http.get("/v1/cluster").json().path("nodes")).hasSize(1);
        assertThat(delete("/v1/nodes/n2").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT    | /v1/nodes/n9/drain                 | {}",
                "DELETE | /v1/nodes/n9/drain                 | {}",
                "DELETE | /v1/nodes/n9                       | {}",
                "PUT    | /v1/nodes/n9/freeze                | {\"reason\":\"x\"}",
                "DELETE | /v1/nodes/n9/freeze                | {}",
                "PUT    | /v1/nodes/a%20b/drain              | {}",
                "PUT    | /v1/pchannels/orders-9/pin         | {\"node\":\"n2\"}",
                "PUT    | /v1/pchannels/orders-0/pin         | {\"node\":\"n9\"}",
                "DELETE | /v1/pchannels/orders-9/pin         | {}",
                "PUT    | /v1/pchannels/orders-9/freeze      | {\"reason\":\"x\"}",
                "DELETE | /v1/pchannels/orders-9/freeze      | {}",
                "DELETE | /v1/pchannels/orders-9/quarantine  | {}",
            })
    void whatDoesNotExistIsNotFound(String method, String path, String body) {
        var answer = http.send(http.request(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("code")).isEqualTo("NOT_FOUND");
        assertThat(answer.text("effect")).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/cluster/freeze           | {}                                          | no member reason",
                "/v1/cluster/freeze           | {\"reason\":\"\"}                           | reason ''",
                "/v1/cluster/freeze           | {\"reason\":\"  \"}                         | reason '  '",
                "/v1/cluster/freeze           | {\"reason\":\"a\\nb\"}                      | reason 'a?b'",
                "/v1/cluster/freeze           | {\"reason\":7}                              | reason '7'",
                "/v1/cluster/freeze           | {\"reason\":\"x\",\"ttlMs\":0}              | ttlMs '0'",
                "/v1/cluster/freeze           | {\"reason\":\"x\",\"ttlMs\":-5}             | ttlMs '-5'",
                "/v1/cluster/freeze           | {\"reason\":\"x\",\"ttlMs\":315360000001}   | ttlMs '315360000001'",
                "/v1/cluster/freeze           | {\"reason\":\"x\",\"ttlMs\":\"10m\"}        | ttlMs '10m'",
                "/v1/cluster/freeze           | {\"reason\":\"x\",\"forever\":true}         | member 'forever'",
                "/v1/nodes/n2/drain           | {\"force\":true}                            | member 'force'",
                "/v1/nodes/n2/drain           | {\"forced\":\"yes\"}                        | forced 'yes'",
                "/v1/nodes/n2/drain           | {\"reason\":\"\"}                           | reason ''",
                "/v1/nodes/n2/drain           | []                                          | a body that is not a JSON object",
                "/v1/nodes/n2/drain?x=1       | {}                                          | query parameter 'x'",
                "/v1/pchannels/orders-0/pin   | {}                                          | no member node",
                "/v1/pchannels/Orders-0/pin   | {\"node\":\"n2\"}                           | 'Orders-0'",
            })
    void badInputIsRefusedWithWhatWasFound(String path, String body, String found) {
        var answer = http.put(path, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("INVALID");
        assertThat(answer.text("detail")).contains(found);
        assertThat(http.cluster.commands).isEmpty();
    }

    @Test
    void aReasonIsShort() {
        var longest = "x".repeat(300);

        assertThat(http.put("/v1/cluster/freeze", "{\"reason\":\"" + longest + "x\"}")
                        .status())
                .isEqualTo(400);
        assertThat(http.put("/v1/cluster/freeze", "{\"reason\":\"" + longest + "\"}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /v1/nodes/n2/drain",
        "DELETE, /v1/nodes/n2/drain",
        "DELETE, /v1/nodes/n2",
        "DELETE, /v1/cluster/freeze",
        "DELETE, /v1/pchannels/orders-0/quarantine",
    })
    void theCoordinatorCarriesItOut(String method, String path) {
        http.cluster.depose(Optional.of("n2"));

        var elsewhere = http.send(http.request(path).method(method, BodyPublishers.noBody()));

        assertThat(elsewhere.status()).isEqualTo(307);
        assertThat(elsewhere.raw().headers().firstValue("Location")).hasValue("http://n2.example:7070" + path);
        assertThat(http.cluster.commands).isEmpty();
    }

    @Test
    void anOrderWithoutAnOutcomeMayHaveBeenCarriedOut() {
        http.cluster.commandFailure = Optional.of(new TimeoutException());

        var answer = put("/v1/nodes/n2/drain");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("effect")).isEqualTo("unknown");
        assertThat(answer.text("detail")).contains("no outcome after 10 s", "send the request again");
    }

    @Test
    void withoutACoordinatorAnOrderHasToComeAgain() {
        http.cluster.depose(Optional.empty());

        var answer = put("/v1/nodes/n2/drain");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("code")).isEqualTo("UNAVAILABLE");
        assertThat(answer.text("effect")).isEqualTo("none");
        assertThat(answer.raw().headers().firstValue("Retry-After")).hasValue("1");
    }
}
