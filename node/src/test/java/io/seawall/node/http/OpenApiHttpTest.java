package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.admin.TopicSpec;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The description of the API is that of the server. {@link HttpFixture} compares each answer of the other tests with it, too. */
class OpenApiHttpTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final String JSON = "application/json";

    /** A request to each operation that a test can send, and its body. Streams without an end are tested elsewhere. */
    private static final Map<String, String> REQUESTS = new TreeMap<>(Map.ofEntries(
            Map.entry("GET /v1/topics", ""),
            Map.entry("PUT /v1/topics/new", "{\"pchannels\":2}"),
            Map.entry("DELETE /v1/topics/old?confirm=old&segments=true", ""),
            Map.entry("GET /v1/pchannels", ""),
            Map.entry("GET /v1/pchannels/orders-0", ""),
            Map.entry("POST /v1/pchannels/orders-0/records", "{\"records\":[{\"value\":\"YQ==\"}]}"),
            Map.entry("GET /v1/pchannels/orders-0/records", ""),
            Map.entry("POST /v1/pchannels/orders-0/trim", "{\"before\":0}"),
            Map.entry("POST /v1/pchannels/orders-0/flush", ""),
            Map.entry("POST /v1/pchannels/orders-0/flush/pause", ""),
            Map.entry("POST /v1/pchannels/orders-0/flush/resume", ""),
            Map.entry("GET /v1/pchannels/orders-0/segments", ""),
            Map.entry("POST /v1/pchannels/orders-0/segments/verify", ""),
            Map.entry("PUT /v1/pchannels/orders-1/assignment", "{\"term\":9,\"available\":true}"),
            Map.entry("GET /v1/pchannels/orders-0/explanation?local=true", ""),
            Map.entry("PUT /v1/pchannels/orders-0/pin", "{\"node\":\"n2\"}"),
            Map.entry("DELETE /v1/pchannels/orders-0/pin", ""),
            Map.entry("PUT /v1/pchannels/orders-0/freeze", "{\"reason\":\"test\",\"ttlMs\":1000}"),
            Map.entry("DELETE /v1/pchannels/orders-0/freeze", ""),
            Map.entry("DELETE /v1/pchannels/orders-1/quarantine", ""),
            Map.entry("DELETE /v1/nodes/gone", ""),
            Map.entry("PUT /v1/nodes/n2/drain", "{\"reason\":\"test\"}"),
            Map.entry("DELETE /v1/nodes/n2/drain", ""),
            Map.entry("PUT /v1/nodes/n2/freeze", "{\"reason\":\"test\"}"),
            Map.entry("DELETE /v1/nodes/n2/freeze", ""),
            Map.entry("GET /v1/cluster?logs=true", ""),
            Map.entry("PUT /v1/cluster/freeze", "{\"reason\":\"test\"}"),
            Map.entry("DELETE /v1/cluster/freeze", ""),
            Map.entry("POST /v1/cluster/hints", "{\"node\":\"n2\",\"incarnation\":\"n2-1\",\"by\":\"n1\"}"),
            Map.entry("GET /livez", ""),
            Map.entry("GET /readyz?verbose", ""),
            Map.entry("GET /metrics", ""),
            Map.entry("GET /version", ""),
            Map.entry("GET /openapi.json", "")));

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private static String operation(String request) {
        var parts = request.split("[ ?]", 3);
        var path = parts[1];
        return ApiDocument.operations().stream()
                .filter(each -> each.startsWith(parts[0] + " "))
                .filter(each -> path.matches(each.substring(each.indexOf('/')).replaceAll("\\{[a-z]+}", "[^/]+")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void documentsEveryRouteAndNoOther() {
        var routes = http.server.routes().stream()
                .map(route -> route.method() + " " + route.template())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(ApiDocument.operations()).isEqualTo(routes);
    }

    @Test
    void documentsEveryCodeEffectAndStatus() {
        var properties = ApiDocument.schema("Problem").path("properties");

        assertThat(texts(properties.path("code").path("enum")))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
        assertThat(texts(properties.path("effect").path("enum")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Effect.values())
                        .map(effect -> effect.name().toLowerCase(Locale.ROOT))
                        .toList());
        for (var code : ErrorCode.values()) {
            assertThat(properties.path("code").path("description").asText()).contains(code.name());
        }
    }

    private static List<String> texts(Iterable<JsonNode> values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void isServed() {
        var answer = http.get("/openapi.json");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("openapi")).isEqualTo("3.1.0");
        assertThat(answer.json()).isEqualTo(ApiDocument.DOCUMENT);
    }

    @Test
    void everyOperationAnswersAsItIsDocumented() {
        http.node.create(TopicSpec.of("old", 1).withReplicationFactor(1));
        http.cluster.addTopic("old", 1);
        http.postJson("/v1/pchannels/orders-0/records", "{\"records\":[{\"headers\":[{\"key\":\"h\"}]}]}");
        loseANode();
        quarantine(new PChannel("orders", 1));

        // In an order in which each request makes sense: what is ordered is taken back afterwards.
        var methods = List.of("PUT", "POST", "GET", "DELETE");
        for (var method : methods) {
            REQUESTS.forEach((request, body) -> {
                if (request.startsWith(method + " ")) {
                    var answer = send(request, body);
                    assertThat(answer.status())
                            .as("%s: %s", request, answer.raw().body())
                            .isBetween(200, 299);
                }
            });
        }
    }

    private void loseANode() {
        http.cluster.join("gone", "gone-1");
        http.cluster.leave("gone");
        for (var seconds = 0; seconds < 30; seconds++) {
            http.cluster.pass(1_000);
        }
    }

    private void quarantine(PChannel pchannel) {
        var owned = (Owned) http.cluster.view().state().assignment(pchannel).orElseThrow();
        http.cluster.write(new Status(
                pchannel,
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
    }

    private HttpFixture.Answer send(String request, String body) {
        var parts = request.split(" ", 2);
        var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        var builder = http.request(parts[1]).method(parts[0], publisher);
        return http.send(body.isEmpty() ? builder : builder.header("Content-Type", JSON));
    }

    @Test
    void everyOperationIsTried() {
        var streams = Set.of("GET /v1/cluster/events", "GET /v1/cluster/peers/{n}");
        var tried = REQUESTS.keySet().stream().map(OpenApiHttpTest::operation).collect(Collectors.toSet());

        assertThat(ApiDocument.operations()).allMatch(each -> tried.contains(each) || streams.contains(each));
    }

    @Test
    void theOtherFormsOfRecordsAreDocumentedToo() {
        http.post("/v1/pchannels/orders-0/records", "application/x-ndjson", "{}\n{\"key\":1}\n".getBytes(UTF_8));
        var lines = http.send(http.request("/v1/pchannels/orders-0/records").header("Accept", "application/x-ndjson"));

        assertThat(lines.raw().body()).startsWith("{\"lsn\":0");
    }

    @Test
    void aLogThatIsNotOpenHereIsDocumentedToo() {
        http.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://n2.example:7070"));

        assertThat(http.get("/v1/pchannels/orders-0?confirm=true").status()).isEqualTo(307);
        assertThat(http.get("/v1/pchannels").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorIsAProblemAsItIsDocumented(ErrorCode code) {
        http.node.logs.log(ORDERS).appendError = Problem.of(code, "append")
                .pchannel(ORDERS)
                .effect(Effect.UNKNOWN)
                .with("tail", 3)
                .with("other", 4)
                .exception();

        var answer = http.postJson("/v1/pchannels/orders-0/records", "{\"records\":[{}]}");

        assertThat(answer.text("code")).isEqualTo(code.name());
    }

    @Test
    void theJudgeFindsWhatIsNotDocumented() {
        var path = "/v1/pchannels/orders-0/records";

        for (var wrong : new String[] {
            "{\"term\":7,\"first\":0,\"last\":0}",
            "{\"term\":7,\"first\":0,\"last\":0," + "\"tail\":1,\"more\":1}",
            "{\"term\":\"7\",\"first\":0,\"last\":0,\"tail\":1}"
        }) {
            assertThatThrownBy(() -> ApiDocument.check("POST", path, 200, JSON, wrong))
                    .isInstanceOf(AssertionError.class);
        }
        assertThatThrownBy(() -> ApiDocument.check("POST", path, 204, JSON, "")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> ApiDocument.check("POST", path, 200, "text/html", ""))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> ApiDocument.check("POST", path, 400, JSON, "{}"))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> ApiDocument.check("POST", "/v2", 200, JSON, "{}"))
                .isInstanceOf(AssertionError.class);
    }
}
