package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import io.seawall.wal.PChannel;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterHttpTest {
    private static final PChannel ORDERS_0 = new PChannel("orders", 0);

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private JsonNode cluster() {
        return http.get("/v1/cluster").json();
    }

    private JsonNode node(String id) {
        return StreamSupport.stream(cluster().path("nodes").spliterator(), false)
                .filter(each -> each.path("node").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/cluster",
        "GET, /v1/cluster/events",
        "GET, /v1/pchannels/orders-0/explanation",
        "PUT, /v1/nodes/n2/drain",
        "DELETE, /v1/nodes/n2",
        "PUT, /v1/cluster/freeze",
        "DELETE, /v1/pchannels/orders-0/pin",
    })
    void aNodeWithoutAClusterSaysSo(String method, String path) {
        try (var alone = HttpFixture.withoutCluster()) {
            var answer =
                    alone.send(alone.request(path).method(method, java.net.http.HttpRequest.BodyPublishers.noBody()));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text("code")).isEqualTo("INVALID");
            assertThat(answer.text("detail")).contains("mode=manual", "no cluster", "mode=cluster");
        }
    }

    @Test
    void theCoordinatorKnowsItsMembersAndWhoHasWhichLogs() {
        var answer = http.get("/v1/cluster");

        assertThat(answer.status()).isEqualTo(200);
        var cluster = answer.json();
        assertThat(answer.text("node")).isEqualTo("n1");
        assertThat(answer.text("role")).isEqualTo("leading");
        assertThat(cluster.path("current").asBoolean()).isTrue();
        assertThat(cluster.path("members").toString()).isEqualTo("[\"n1\",\"n2\"]");
        assertThat(cluster.path("coordinator").path("node").asText()).isEqualTo("n1");
        assertThat(cluster.path("coordinator").path("url").asText()).isEqualTo("http://n1.example:7070");
        assertThat(cluster.path("topics").asInt()).isEqualTo(1);
        assertThat(cluster.path("logs").toString())
                .isEqualTo("{\"all\":2,\"unowned\":0,\"owned\":2,\"releasing\":0,\"quarantined\":0,\"open\":2}");
        assertThat(node("n2").path("state").asText()).isEqualTo("there");
        assertThat(node("n2").path("incarnation").asText()).isEqualTo("n2-1");
        assertThat(node("n2").path("logs").toString()).isEqualTo("{\"owned\":1,\"open\":1,\"releasing\":0}");
        assertThat(cluster.has("pchannels")).isFalse();
    }

    @Test
    void listsEveryLogIfAsked() {
        var logs = http.get("/v1/cluster?logs=true").json().path("pchannels");

        assertThat(logs).hasSize(2);
        assertThat(logs.get(0).path("pchannel").asText()).isEqualTo("orders-0");
        assertThat(logs.get(0).path("phase").asText()).isEqualTo("owned");
        assertThat(logs.get(0).path("condition").asText()).isEqualTo("available");
        assertThat(logs.get(0).path("reason").asText()).isEqualTo("new");
        assertThat(logs.get(0).path("term").asInt()).isZero();
    }

    @Test
    void theCoordinatorBeganWithItsFirstRecord() {
        http.cluster.pass(60_000);

        assertThat(cluster().path("coordinator").path("since").asText()).isEqualTo(FakeCluster.START.toString());
    }

    @Test
    void aNodeThatFollowsASuccessorKnowsSinceWhen() {
        http.cluster.pass(60_000);
        http.cluster.depose(Optional.of("n2"));

        var coordinator = cluster().path("coordinator");

        assertThat(coordinator.path("node").asText()).isEqualTo("n2");
        assertThat(coordinator.path("since").asText())
                .isEqualTo(FakeCluster.START.plusSeconds(70).toString());
    }

    @Test
    void otherNodesDoNotKnowWhichAreThere() {
        http.cluster.depose(Optional.of("n2"));

        assertThat(cluster().path("members").isNull()).isTrue();
        assertThat(node("n2").path("state").asText()).isEqualTo("unknown");
        assertThat(node("n1").path("state").asText()).as("it knows itself").isEqualTo("there");
    }

    @Test
    void aNodeIsGoneOnceTheGroupHasDroppedIt() {
        http.cluster.leave("n2");
        http.cluster.pass(100);

        assertThat(node("n2").path("state").asText()).isEqualTo("gone");
    }

    @Test
    void aNodeIsSuspectedUntilItAnnouncesItselfAgain() {
        http.cluster.write(new Suspicion("n2", "n2-1", 0, "n1", FakeCluster.START));

        assertThat(node("n2").path("state").asText()).isEqualTo("suspected");
        assertThat(node("n2").path("suspectedBy").asText()).isEqualTo("n1");

        http.cluster.leave("n2");
        assertThat(node("n2").path("state").asText()).isEqualTo("gone");
        http.cluster.join("n2", "n2-1");

        http.cluster.write(new Node("n2", "n2-1", 1, "http://n2.example:7070", false, FakeCluster.START));

        assertThat(node("n2").path("state").asText()).isEqualTo("there");
    }

    @Test
    void aNodeThatEndsIsLeaving() {
        http.cluster.write(new Node("n2", "n2-1", 0, "http://n2.example:7070", true, FakeCluster.START));

        assertThat(node("n2").path("state").asText()).isEqualTo("leaving");
    }

    @Test
    void showsWhatThisVersionCannotRead() {
        http.cluster.news(List.of(
                new News.Unreadable(MetaKey.node("n3"), "format 2, and this version reads up to 1"),
                new News.Unreadable(MetaKey.drain("n2"), "no JSON object")));

        assertThat(node("n3").path("state").asText()).isEqualTo("unreadable");
        assertThat(node("n2").path("state").asText()).as("counts as a drain").isEqualTo("draining");
        assertThat(cluster().path("unreadable").toString())
                .isEqualTo("[{\"key\":\"node/n3\",\"why\":\"format 2, and this version reads up to 1\"},"
                        + "{\"key\":\"drain/n2\",\"why\":\"no JSON object\"}]");
    }

    @Test
    void aLogThatIsReleasedForAnotherNodeIsAMove() {
        http.cluster.addTopic("quiet", 1);
        var released = (Owned) http.cluster.view().state().assignment(ORDERS_0).orElseThrow();
        var note = new Note(Reason.DRAIN, "an operator drains " + released.home(), FakeCluster.START);
        var target = released.home().equals("n1") ? "n2" : "n1";

        http.cluster.write(released.toReleasing(target, note));

        var moves = cluster().path("moves");
        assertThat(moves).hasSize(1);
        assertThat(moves.get(0).path("owner").asText()).isEqualTo(released.home());
        assertThat(moves.get(0).path("target").asText()).isEqualTo(target);
        assertThat(moves.get(0).path("reason").asText()).isEqualTo("drain");
        assertThat(node(target).path("movesTo").asInt()).isEqualTo(1);
        assertThat(node(released.home()).path("movesFrom").asInt()).isEqualTo(1);
        assertThat(node(released.home()).path("logs").path("releasing").asInt()).isEqualTo(1);

        http.cluster.write(released.toReleasing(target, note).toOwned(9, new Owner(target, target + "-1"), note));

        assertThat(cluster().path("moves")).as("it is not open yet").hasSize(1);
        http.cluster.pass(100);
        assertThat(cluster().path("moves")).isEmpty();
    }

    @Test
    void aReportAboutAnEarlierTermDoesNotMakeALogOpen() {
        var owned = (Owned) http.cluster.view().state().assignment(ORDERS_0).orElseThrow();

        http.cluster.write(owned.toOwned(
                owned.term() + 1, owned.owner(), 1, new Note(Reason.FAILED, "it ended", FakeCluster.START)));

        assertThat(cluster().path("logs").path("open").asInt()).isEqualTo(1);
        assertThat(http.get("/v1/cluster?logs=true")
                        .json()
                        .path("pchannels")
                        .get(0)
                        .path("condition")
                        .isNull())
                .isTrue();
    }

    @Test
    void aLogInQuarantineIsListedWithItsError() {
        fail(ORDERS_0, "DATA_LOSS", "");
        http.cluster.pass(100);

        var quarantined = cluster().path("quarantined");
        assertThat(quarantined).hasSize(1);
        assertThat(quarantined.get(0).path("code").asText()).isEqualTo("DATA_LOSS");
        assertThat(cluster().path("logs").path("quarantined").asInt()).isEqualTo(1);
    }

    private void fail(PChannel pchannel, String code, String rival) {
        var owned = (Owned) http.cluster.view().state().assignment(pchannel).orElseThrow();
        http.cluster.write(new Status(
                pchannel,
                owned.owner().incarnation(),
                owned.term(),
                Condition.FAILED,
                code,
                "what happened",
                owned.term() + 4,
                rival,
                10,
                FakeCluster.START));
    }

    @Test
    void theCoordinatorCanBeAsked() {
        assertThat(http.get("/v1/cluster?from=coordinator").text("node")).isEqualTo("n1");

        http.cluster.depose(Optional.of("n2"));
        var elsewhere = http.get("/v1/cluster?from=coordinator&logs=true");

        assertThat(elsewhere.status()).isEqualTo(307);
        assertThat(elsewhere.raw().headers().firstValue("Location"))
                .hasValue("http://n2.example:7070/v1/cluster?from=coordinator&logs=true");
        assertThat(elsewhere.text("detail")).contains("n1, which does not coordinate", "n2");
    }

    @Test
    void nobodyIsSentToACoordinatorThatIsNotKnown() {
        http.cluster.depose(Optional.empty());

        var unknown = http.get("/v1/cluster?from=coordinator");

        assertThat(unknown.status()).isEqualTo(503);
        assertThat(unknown.text("code")).isEqualTo("UNAVAILABLE");
        assertThat(unknown.raw().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(cluster().path("coordinator").isNull()).isTrue();
    }

    @Test
    void nobodyIsSentBackToThisNodeByACoordinatorThatAnnouncesItsUrl() {
        http.cluster.depose(Optional.of("n2"));
        http.cluster.write(new Node("n2", "n2-1", 0, "http://n1.example:7070", false, FakeCluster.START));

        var elsewhere = http.get("/v1/cluster?from=coordinator");

        assertThat(elsewhere.status()).isEqualTo(503);
        assertThat(elsewhere.text("detail")).contains("n2", "http://n1.example:7070");
        assertThat(http.get("/v1/pchannels/orders-0/explanation").status()).isEqualTo(200);
    }

    @Test
    void nobodyIsSentToACoordinatorThatWasReportedDeadOrHasRestarted() {
        http.cluster.depose(Optional.of("n2"));
        http.cluster.write(new Suspicion("n2", "n2-1", 0, "n1", FakeCluster.START));
        assertThat(http.get("/v1/cluster?from=coordinator").status()).isEqualTo(503);

        http.cluster.join("n2", "n2-2");
        assertThat(http.get("/v1/cluster?from=coordinator").status()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?from=everywhere", "?logs=yes", "?x=1", "?from=here&from=here"})
    void refusesAQueryThatItDoesNotKnow(String query) {
        assertThat(http.get("/v1/cluster" + query).status()).isEqualTo(400);
    }

    @Test
    void explainsALog() {
        fail(ORDERS_0, "FENCED", "somebody else");
        http.cluster.pass(1_000);
        http.cluster.pass(1_000);

        var answer = http.get("/v1/pchannels/orders-0/explanation");

        assertThat(answer.status()).isEqualTo(200);
        var log = answer.json().path("log");
        assertThat(log.path("phase").asText()).isEqualTo("owned");
        assertThat(log.path("term").asInt()).as("above the term that was met").isEqualTo(5);
        assertThat(answer.json().path("failures").asInt()).isEqualTo(1);
        assertThat(answer.json().path("report").path("condition").asText()).isEqualTo("available");
        assertThat(answer.text("explainedBy")).isEqualTo("n1");
        assertThat(answer.json().path("coordinates").asBoolean()).isTrue();
        var transitions = answer.json().path("transitions");
        assertThat(transitions.findValuesAsText("what"))
                .containsExactly("owned", "available", "failed", "owned", "available");
        assertThat(transitions.get(2).path("text").asText()).isEqualTo("FENCED by somebody else: what happened");
        assertThat(transitions.get(0).path("lastedMs").isNumber()).isTrue();
        assertThat(transitions.get(4).path("lastedMs").isNull()).isTrue();
    }

    @Test
    void saysWhatALogWaitsFor() {
        fail(ORDERS_0, "UNAVAILABLE", "");
        http.cluster.pass(0);

        assertThat(http.get("/v1/pchannels/orders-0/explanation").text("waits")).isNotEmpty();
    }

    @Test
    void theCoordinatorExplainsUnlessAskedNotTo() {
        http.cluster.depose(Optional.of("n2"));

        var elsewhere = http.get("/v1/pchannels/orders-0/explanation");
        var here = http.get("/v1/pchannels/orders-0/explanation?local=true");

        assertThat(elsewhere.status()).isEqualTo(307);
        assertThat(elsewhere.raw().headers().firstValue("Location"))
                .hasValue("http://n2.example:7070/v1/pchannels/orders-0/explanation");
        assertThat(here.status()).isEqualTo(200);
        assertThat(here.json().path("coordinates").asBoolean()).isFalse();
        assertThat(here.json().path("waits").isNull()).isTrue();
    }

    @Test
    void aNodeThatKnowsNoCoordinatorExplainsAsFarAsItCan() {
        http.cluster.depose(Optional.empty());

        assertThat(http.get("/v1/pchannels/orders-0/explanation").status()).isEqualTo(200);
    }

    @Test
    void cannotExplainALogThatTheClusterDoesNotHave() {
        assertThat(http.get("/v1/pchannels/orders-7/explanation").status()).isEqualTo(404);
        assertThat(http.get("/v1/pchannels/orders/explanation").status()).isEqualTo(400);
        assertThat(http.get("/v1/pchannels/orders-0/explanation?local=maybe").status())
                .isEqualTo(400);
    }
}
