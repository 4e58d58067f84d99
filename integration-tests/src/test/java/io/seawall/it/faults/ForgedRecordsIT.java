package io.seawall.it.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another program writes records with Seawall's headers into a log, as {@code kcat -H 'wal=0.0/0'} does. The first term of a log is 0. */
@Tag("full")
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgedRecordsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static TestKafka kafka;

    @TempDir
    private Path folder;

    private final Deque<NodeProcess> nodes = new ArrayDeque<>();
    private int acknowledged;
    private String flushing = "true";

    @BeforeAll
    static void startKafka() {
        kafka = TestKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(NodeProcess::close);
    }

    private NodeProcess node() {
        return nodes.getLast();
    }

    private void startNode() {
        nodes.add(NodeProcess.start(Spec.of(
                "lone",
                kafka.bootstrapServers(),
                folder.resolve("lone"),
                "prefix=" + kafka.prefix(),
                "flush.enabled=" + flushing)));
    }

    private PChannel created(String topic) {
        startNode();
        var answer = node().api().createTopic(topic, 1);
        assertThat(answer.isOk()).as("%s", answer).isTrue();
        var pchannel = new PChannel(topic, 0);
        node().api().awaitAvailable(pchannel);
        return pchannel;
    }

    private void append(PChannel pchannel, int count) {
        for (var each = 0; each < count; each++) {
            var answer = node().api()
                    .append(pchannel, ("own " + acknowledged).getBytes(UTF_8))
                    .join();
            assertThat(answer.isOk()).as("%s", answer).isTrue();
            assertThat(answer.body().path("first").asInt(-1)).isEqualTo(acknowledged);
            acknowledged++;
        }
    }

    private static void forge(PChannel pchannel, String... headers) throws ExecutionException, InterruptedException {
        var settings = Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers());
        try (var tool = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var header : headers) {
                var wal = new RecordHeader("wal", header.getBytes(UTF_8));
                tool.send(new ProducerRecord<>(
                                kafka.prefix() + pchannel.topic(),
                                0,
                                null,
                                null,
                                header.endsWith(" snapshot")
                                        ? "{\"format\":1}".getBytes(UTF_8)
                                        : "forged".getBytes(UTF_8),
                                List.of(wal)))
                        .get();
            }
        }
    }

    private static String records(PChannel pchannel) {
        return "/v1/pchannels/" + pchannel + "/records";
    }

    private List<String> starts(PChannel pchannel) {
        return List.of(
                records(pchannel) + "?from=0&view=live",
                records(pchannel) + "?from=0&view=committed",
                records(pchannel) + "?from=oldest&view=committed",
                records(pchannel) + "?at=1970-01-01T00:00:00Z",
                records(pchannel) + "?from=" + (acknowledged - 1));
    }

    /** Every answer is the log's own records, or says that another program wrote into the log. */
    private void nobodyIsToldAnythingElse(PChannel pchannel) {
        for (var start : starts(pchannel)) {
            var answer = node().api().get(start);
            if (answer.isOk()) {
                answer.body()
                        .path("records")
                        .forEach(record -> assertThat(NodeApi.text(record)).startsWith("own "));
            } else {
                assertThat(answer.status()).as("%s: %s", start, answer).isEqualTo(500);
                assertThat(answer.code()).as("%s: %s", start, answer).isEqualTo("FORGED");
                assertThat(answer.body().path("detail").asText()).contains("another program");
            }
        }
    }

    private void everythingIsRead(PChannel pchannel) {
        var expected = IntStream.range(0, acknowledged)
                .mapToObj(lsn -> new History.Entry(lsn, "own " + lsn))
                .toList();
        Awaitility.await("every acknowledged record is read")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    nobodyIsToldAnythingElse(pchannel);
                    for (var view : List.of("live", "committed")) {
                        var page = node().api().get(records(pchannel) + "?from=0&view=" + view + "&waitMs=5000");
                        assertThat(page.isOk()).as("%s", page).isTrue();
                        assertThat(node().api().entries(pchannel, view)).isEqualTo(expected);
                    }
                });
    }

    private NodeApi.Answer status(PChannel pchannel) {
        return node().api().get("/v1/pchannels/" + pchannel);
    }

    private String metrics() throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(node().url() + "/metrics")).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** The owner knows its own offsets: it takes the log back behind the others' records, and the log heals at once. */
    @Test
    void numbersThatWereGivenBeforeHealWhileTheOwnerLives() throws Exception {
        var pchannel = created("replayed");
        append(pchannel, 6);

        forge(pchannel, "0.0/0", "0.0/1", "0.0/5");
        nobodyIsToldAnythingElse(pchannel);

        everythingIsRead(pchannel);
        assertThat(status(pchannel).body().path("state").asText()).isEqualTo("available");
        append(pchannel, 3);
        everythingIsRead(pchannel);
        assertThat(metrics()).containsPattern("seawall_read_forged_records_total [1-9]");
        assertThat(node().log()).containsOnlyOnce("another program writes records with Seawall's headers into the log");
        var flush = node().api().post("/v1/pchannels/" + pchannel + "/flush");
        assertThat(flush.isOk()).as("%s", flush).isTrue();
        assertThat(flush.body().path("flushed").asInt()).isEqualTo(9);

        node().close();
        startNode();

        node().api().awaitAvailable(pchannel);
        everythingIsRead(pchannel);
        append(pchannel, 1);
        everythingIsRead(pchannel);
    }

    @Test
    void recordsOfATermThatNobodyClaimedAreSkipped() throws Exception {
        var pchannel = created("unclaimed");
        append(pchannel, 3);

        forge(pchannel, "9.0/0", "9.0/3", "8.0/7", "9.0 lease");

        append(pchannel, 3);
        everythingIsRead(pchannel);
        assertThat(metrics()).containsPattern("seawall_read_foreign_records_total [1-9]");
    }

    /** Without the owner nobody knows which of two records counts: nothing is guessed, and a person tells where the log ends. */
    @Test
    void aLogWhoseOwnerIsGoneIsQuarantinedUntilAPersonTellsWhereItEnds() throws Exception {
        flushing = "false"; // the flusher's first snapshot would tell the next owner which record counts
        var pchannel = created("quarantined");
        append(pchannel, 6);
        everythingIsRead(pchannel);
        node().kill();
        forge(pchannel, "0.0/1");

        startNode();

        Awaitility.await("the opening has refused")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(status(pchannel).body().path("cause").asText())
                                .startsWith("FORGED: in quarantine"));
        nobodyIsToldAnythingElse(pchannel);
        assertThat(node().api().get(records(pchannel) + "?from=6&waitMs=5000").code())
                .isEqualTo("FORGED");
        assertThat(node().api().get("/v1/pchannels").isOk()).as("the list").isTrue();
        var append = node().api().append(pchannel, "refused".getBytes(UTF_8)).join();
        assertThat(append.status()).as("%s", append).isEqualTo(503);
        assertThat(append.body().path("detail").asText()).contains("another program");
        assertThat(status(pchannel).body().path("phase").asText()).isEqualTo("quarantined");

        forge(pchannel, "9.0/6 snapshot"); // as docs/operations.md says
        var ended = node().api().delete("/v1/pchannels/" + pchannel + "/quarantine");
        assertThat(ended.isOk()).as("%s", ended).isTrue();

        node().api().awaitAvailable(pchannel);
        everythingIsRead(pchannel);
        append(pchannel, 3);
        everythingIsRead(pchannel);
    }

    /** Readers on the owner's node do not give it; readers elsewhere may have, so no record of that number may follow. */
    @Test
    void theNextNumberEndsTheLogBeforeTheOwnerGivesIt() throws Exception {
        var pchannel = created("next");
        append(pchannel, 6);
        forge(pchannel, "0.0/6");

        nobodyIsToldAnythingElse(pchannel);

        hasEnded(pchannel);
        nobodyIsToldAnythingElse(pchannel);
    }

    /** It came first, so readers elsewhere take it for the log's. The owner's own record of that number is not left out in silence. */
    @Test
    void theNextNumberEndsTheLogAlsoIfTheOwnerGaveItBeforeAnybodyLooked() throws Exception {
        var pchannel = created("given");
        append(pchannel, 6);
        forge(pchannel, "0.0/6");

        append(pchannel, 1); // the flusher reads on

        hasEnded(pchannel);
        var read = node().api().get(records(pchannel) + "?from=6&waitMs=5000");
        assertThat(read.code()).as("%s", read).isEqualTo("FORGED");
    }

    private void hasEnded(PChannel pchannel) {
        Awaitility.await("the log has ended")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(status(pchannel).body().path("cause").asText())
                                .startsWith("FORGED: "));
    }
}
