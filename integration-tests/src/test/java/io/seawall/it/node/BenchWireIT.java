package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.seawall.it.kit.CliRun;
import io.seawall.it.kit.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A very short run of {@code bench wire}: it checks that every part completes, not the figures. */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class BenchWireIT {
    private static final Path NOTHING = Path.of("/dev/null");
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
    void measuresEveryPartOnANodeThatItStarts() throws IOException {
        var out = folder.resolve("out");

        var result = CliRun.run(
                NOTHING,
                out,
                ("bench wire --json --kafka " + kafka.bootstrapServers()
                                + " --rounds 1 --time 300ms --warm-up 100ms --rate 200 --batch 10"
                                + " --connections 2 --readers 3 --lines-mb 1")
                        .split(" "));

        assertThat(result.exitCode()).as(result.err()).isZero();
        var report = new ObjectMapper().readTree(Files.readAllLines(out).get(0));
        assertThat(values(report.path("figures"), "part")).contains("append", "client", "http", "fan-out", "lines");
        assertThat(report.path("ratios"))
                .allSatisfy(ratio -> assertThat(ratio.path("median").asDouble()).isPositive());
        assertThat(report.path("ratios"))
                .extracting(ratio -> ratio.path("what").asText() + ": "
                        + ratio.path("side").asText() + " against "
                        + ratio.path("against").asText())
                .contains(
                        "one by one: gRPC against in-process",
                        "batches of 10: gRPC against in-process",
                        "200/s: gRPC against in-process",
                        "200/s: HTTP against in-process",
                        "batches of 131072 bytes, linger 5 ms: client against bare producer",
                        "2 connections: append against GET /livez",
                        "200/s: 3 readers and one that stalls against 3 readers");
        assertThat(report.path("figures"))
                .filteredOn(figure -> figure.path("figure").asText().equals("leastShareReceived"))
                .hasSize(2)
                .allSatisfy(share -> assertThat(share.path("least").asDouble()).isEqualTo(1));
        assertThat(values(report.path("figures"), "figure")).contains("nodeCpuMsPerSecond");
    }

    private static List<String> values(JsonNode rows, String name) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.path(name).asText())
                .distinct()
                .toList();
    }
}
