package io.seawall.it.segments;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.seawall.it.kit.CliRun;
import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log restored from its segments is the same log to nodes, readers and plain consumers. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class SegmentsRestoreIT {
    private static final PChannel COPY = new PChannel("copy", 0);
    private static final Pattern DATA = Pattern.compile("[0-9]+\\.[0-9]+/([0-9]+)(\\+[0-9]+)?(@[0-9]+)?");
    private static final int RECORDS = 600;

    private static TestKafka kafka;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startKafka() {
        kafka = TestKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void aRestoredLogHasTheSameRecordsAndGoesOn() throws Exception {
        // given: a log of two terms, with every shape of record, completely flushed
        var source = new PChannel("source", 0);
        var original = writeAndFlush(source);

        // when: it is restored under another prefix, in a topic of another name
        var out = folder.resolve("restored.json");
        var restored = cli(
                out,
                "segments",
                "restore",
                source.toString(),
                "--root",
                folder.resolve("segments").toString(),
                "--kafka",
                kafka.bootstrapServers(),
                "--prefix",
                otherPrefix(),
                "--topic",
                COPY.topic(),
                "--json");

        // then
        assertThat(restored.exitCode()).as(restored.err()).isZero();
        var report = new ObjectMapper().readTree(out.toFile());
        assertThat(report.path("oldest").asLong()).isZero();
        assertThat(report.path("tail").asLong()).isEqualTo(RECORDS);
        assertThat(report.path("records").asLong()).isEqualTo(RECORDS);
        try (var node = node("copier", otherPrefix(), "segments-of-the-copy")) {
            node.api().awaitAvailable(COPY);
            assertThat(status(node.api(), COPY).path("term").asLong())
                    .isGreaterThan(report.path("term").asLong());
            assertThat(records(node.api(), COPY, "live")).isEqualTo(original);
            var next = node.api().append(COPY, "goes on".getBytes(UTF_8)).join();
            assertThat(next.body().path("first").asLong()).as("%s", next).isEqualTo(RECORDS);
            assertThat(node.api()
                            .post("/v1/pchannels/" + COPY + "/flush")
                            .body()
                            .path("flushed")
                            .asLong())
                    .isEqualTo(RECORDS + 1);
            assertThat(records(node.api(), COPY, "committed").subList(0, RECORDS))
                    .isEqualTo(original);
        }
        assertThat(plainLsns())
                .as("records that a plain consumer sees")
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(0, RECORDS).boxed().toList());
    }

    @Test
    void aLogThatHasRecordsIsNotOverwritten() throws Exception {
        var source = new PChannel("kept", 0);
        var original = writeAndFlush(source);

        var refused = cli(
                folder.resolve("out"),
                "segments",
                "restore",
                source.toString(),
                "--root",
                folder.resolve("segments").toString(),
                "--kafka",
                kafka.bootstrapServers(),
                "--prefix",
                kafka.prefix());

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("INVALID");
        try (var node = node("after", kafka.prefix(), "segments")) {
            node.api().awaitAvailable(source);
            assertThat(records(node.api(), source, "live")).isEqualTo(original);
        }
    }

    private List<JsonNode> writeAndFlush(PChannel source) {
        try (var first = node("first", kafka.prefix(), "segments")) {
            first.api().createTopic(source.topic(), 1);
            first.api().awaitAvailable(source);
            append(first.api(), source, 0, RECORDS / 2);
        }
        try (var second = node("second", kafka.prefix(), "segments")) {
            second.api().awaitAvailable(source);
            append(second.api(), source, RECORDS / 2, RECORDS);
            var flushed = second.api().post("/v1/pchannels/" + source + "/flush");
            assertThat(flushed.body().path("flushed").asLong())
                    .as("%s", flushed)
                    .isEqualTo(RECORDS);
            var records = records(second.api(), source, "live");
            assertThat(records).hasSize(RECORDS);
            return records;
        }
    }

    /** Appends batches of 20, each with a record of every shape. */
    private static void append(NodeApi api, PChannel source, int from, int to) {
        for (var start = from; start < to; start += 20) {
            var batch = new ArrayList<String>();
            for (var i = start; i < start + 20; i++) {
                batch.add(
                        switch (i % 5) {
                            case 0 -> "{\"key\":null,\"value\":null}";
                            case 1 -> "{\"key\":\"\",\"value\":\"\"}";
                            case 2 -> "{\"key\":\"/wD+\",\"value\":\"" + base64("value " + i) + "\"}";
                            case 3 ->
                                "{\"value\":\"" + base64("x".repeat(1_000) + i)
                                        + "\",\"headers\":[{\"key\":\"h\",\"value\":\"MQ==\"},{\"key\":\"h\",\"value\":null}]}";
                            default -> "{\"value\":\"" + base64("value " + i) + "\"}";
                        });
            }
            var answer = api.post(
                    "/v1/pchannels/" + source + "/records",
                    "application/json",
                    "{\"records\":[" + String.join(",", batch) + "]}");
            assertThat(answer.body().path("first").asLong()).as("%s", answer).isEqualTo(start);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** Returns whole records in the form of the API. */
    private static List<JsonNode> records(NodeApi api, PChannel pchannel, String view) {
        var page = api.get(
                "/v1/pchannels/" + pchannel + "/records?from=oldest&limit=10000&maxBytes=16777216&view=" + view);
        assertThat(page.isOk()).as("%s", page).isTrue();
        var records = new ArrayList<JsonNode>();
        page.body().path("records").forEach(records::add);
        return records;
    }

    private static JsonNode status(NodeApi api, PChannel pchannel) {
        return api.get("/v1/pchannels/" + pchannel).body();
    }

    private static List<Long> plainLsns() {
        var settings = Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        var partition = List.of(new TopicPartition(otherPrefix() + COPY.topic(), COPY.partition()));
        var lsns = new ArrayList<Long>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            long end = Objects.requireNonNull(consumer.endOffsets(partition).get(partition.get(0)));
            Awaitility.await("all committed records")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        for (var record : consumer.poll(Duration.ofMillis(100))) {
                            var data = DATA.matcher(new String(
                                    record.headers().lastHeader("wal").value(), US_ASCII));
                            if (data.matches()) {
                                lsns.add(Long.valueOf(data.group(1)));
                            }
                        }
                        return consumer.position(partition.get(0)) >= end;
                    });
        }
        return lsns;
    }

    private static String otherPrefix() {
        return "other-" + kafka.prefix();
    }

    private NodeProcess node(String id, String prefix, String segments) {
        return NodeProcess.start(new Spec(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                List.of("prefix=" + prefix, "segments.root=" + folder.resolve(segments), "flush.bytes=64KiB"),
                ""));
    }

    private CliRun.Result cli(Path out, String... arguments) throws Exception {
        var in = Files.writeString(folder.resolve("no-input"), "");
        return CliRun.run(in, out, arguments);
    }
}
