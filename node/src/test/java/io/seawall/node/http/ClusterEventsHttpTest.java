package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Freeze;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterEventsHttpTest {
    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private BufferedReader follow() {
        var request = http.request("/v1/cluster/events").header("Last-Event-ID", "17");
        var response = http.exchange(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream;charset=utf-8");
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** Returns the lines of the next event, without the empty one and without comments. */
    private static String event(BufferedReader events) throws IOException {
        var lines = new StringBuilder();
        for (var line = events.readLine(); line != null && (lines.isEmpty() || !line.isEmpty()); ) {
            if (!line.startsWith(":") && !line.isEmpty()) {
                lines.append(line).append('\n');
            }
            line = events.readLine();
        }
        return lines.toString();
    }

    @Test
    void beginsWithTheWholeState() throws IOException {
        try (var events = follow()) {
            assertThat(event(events))
                    .startsWith("event: state\ndata: {\"node\":\"n1\",")
                    .contains("\"pchannels\":[{\"pchannel\":\"orders-0\",\"phase\":\"owned\"")
                    .hasLineCount(2);
        }
    }

    @Test
    void everyChangeIsAnEvent() throws IOException {
        try (var events = follow()) {
            event(events);

            http.cluster.command(new Command.DrainNode("n2", false, "new disk")).join();
            http.cluster.pass(1_000);

            assertThat(event(events)).startsWith("event: node\n").contains("\"state\":\"draining\"");
            assertThat(event(events)).startsWith("event: drain\n").contains("\"reason\":\"new disk\"");
            assertThat(event(events)).startsWith("event: assignment\n").contains("\"phase\":\"releasing\"");
            assertThat(event(events)).startsWith("event: assignment\n").contains("\"condition\":\"released\"");
            assertThat(event(events))
                    .startsWith("event: assignment\n")
                    .contains("\"phase\":\"owned\",\"term\":1,\"owner\":\"n1\"");
            assertThat(event(events)).startsWith("event: assignment\n").contains("\"condition\":\"available\"");

            http.cluster.command(new Command.ResumeNode("n2")).join();

            assertThat(event(events)).startsWith("event: node\n").contains("\"state\":\"there\"");
            assertThat(event(events)).isEqualTo("event: drain\ndata: {\"node\":\"n2\",\"ended\":true}\n");
        }
    }

    @Test
    void ordersComeAndGo() throws IOException {
        try (var events = follow()) {
            event(events);

            http.cluster
                    .command(new Command.FreezeMoves(MetaKey.freezeAll(), "audit", Optional.empty()))
                    .join();
            assertThat(event(events)).startsWith("event: freeze\ndata: {\"scope\":\"all\",\"reason\":\"audit\"");
            http.cluster
                    .command(new Command.FreezeMoves(MetaKey.freezeAll(), "longer", Optional.empty()))
                    .join();
            assertThat(event(events)).startsWith("event: freeze\n").contains("\"reason\":\"longer\"");
            http.cluster.command(new Command.ThawMoves(MetaKey.freezeAll())).join();
            assertThat(event(events)).isEqualTo("event: freeze\ndata: {\"scope\":\"all\",\"ended\":true}\n");
        }
    }

    @Test
    void anotherCoordinatorIsAnEventAndNotEachDecision() throws IOException {
        try (var events = follow()) {
            event(events);

            http.cluster
                    .command(new Command.PinLog(new io.seawall.wal.PChannel("orders", 0), "n1", ""))
                    .join();
            http.cluster.depose(Optional.of("n2"));

            assertThat(event(events)).startsWith("event: pin\n");
            assertThat(event(events)).isEqualTo("event: coordinator\ndata: {\"coordinator\":null}\n");
            assertThat(event(events))
                    .as("it does not know any more who is there")
                    .startsWith("event: node\n");
            assertThat(event(events)).startsWith("event: coordinator\n").contains("\"node\":\"n2\"");
        }
    }

    @Test
    void aCommentShowsThatTheStreamLives() throws IOException {
        try (var events = follow()) {
            event(events);

            assertThat(events.readLine()).isEqualTo(":");
        }
    }

    @Test
    void aClientThatIsTooFarBehindIsEndedWithAReason() throws IOException {
        var more = new ArrayList<News>();
        for (var each = 0; each < 9_000; each++) {
            var key = MetaKey.freezeNode("x" + each);
            more.add(new News.Written(new Freeze(key, "", Optional.empty(), FakeCluster.START)));
        }
        try (var events = follow()) {
            event(events);

            http.cluster.news(more);

            var last = "";
            for (var each = event(events); !each.isEmpty(); each = event(events)) {
                last = each;
            }
            assertThat(last)
                    .startsWith("event: error\n")
                    .contains("OVERLOADED", "more than 8192 events behind", "connect again");
        }
        assertThat(http.get("/metrics").raw().body())
                .contains("seawall_http_slow_total{part=\"events\"} 1.0", "seawall_cluster_event_clients 0.0");
    }

    @Test
    void forgetsAClientThatHasGone() throws IOException {
        follow().close();

        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> http.get("/metrics").raw().body().contains("seawall_cluster_event_clients 0.0"));
    }

    @Test
    void streamsEndWhenTheServerCloses() throws IOException {
        try (var events = follow()) {
            event(events);

            http.server.close();

            assertThat(event(events)).isEmpty();
        }
    }

    @Test
    void servesNothingButEvents() {
        assertThat(http.send(http.request("/v1/cluster/events").header("Accept", "application/json"))
                        .status())
                .isEqualTo(406);
        assertThat(http.get("/v1/cluster/events?from=1").status()).isEqualTo(400);
    }
}
