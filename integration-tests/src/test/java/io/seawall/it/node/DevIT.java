package io.seawall.it.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.CliRun;
import io.seawall.it.kit.NodeApi;
import io.seawall.kafkalocal.LocalKafka;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code seawall dev}, killed and started again. Starts its own broker, regardless of {@code -Dkafka}. */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DevIT {
    private static final PChannel PCHANNEL = new PChannel("demo", 2);
    private static final Pattern OTHER_NODE = Pattern.compile("Node dev-2 is process ([0-9]+) at");
    private static final Pattern READY = Pattern.compile("Seawall is ready at (http://\\S+)");

    @TempDir
    private Path folder;

    @Test
    void servesTheSameLogAfterAKillAndLeavesNoBrokerBehind() throws Exception {
        var first = start("first");
        var api = new NodeApi(awaitUrl(first, "first"));
        assertThat(api.append(PCHANNEL, "kept".getBytes(UTF_8)).join().isOk()).isTrue();
        var brokers = first.descendants().toList();
        assertThat(brokers).as("the broker is a process of its own").isNotEmpty();

        first.destroyForcibly();

        Awaitility.await("the broker ends when its parent ends")
                .atMost(Duration.ofSeconds(30))
                .until(() -> brokers.stream().noneMatch(ProcessHandle::isAlive));
        var second = start("second");
        try {
            var again = new NodeApi(awaitUrl(second, "second"));
            assertThat(again.readAll(PCHANNEL, "live"))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).asString().isEqualTo("kept"));
            assertThat(again.append(PCHANNEL, "more".getBytes(UTF_8))
                            .join()
                            .body()
                            .path("first")
                            .asLong())
                    .isEqualTo(1);
            var left = List.copyOf(second.descendants().toList());
            second.destroy();
            Awaitility.await("SIGTERM ends all processes")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> !second.isAlive() && left.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            second.destroyForcibly();
        }
    }

    @Test
    @Tag("full")
    void refusesToStartTwiceOnTheSameDataAndSaysThatItsBrokerDied() throws Exception {
        var first = start("first");
        try {
            var api = new NodeApi(awaitUrl(first, "first"));

            var second = start("second");

            assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(1);
            assertThat(Files.readAllLines(log("second")))
                    .filteredOn(line -> line.contains("process"))
                    .singleElement()
                    .asString()
                    .contains(
                            folder.resolve("data").toRealPath().toString(),
                            String.valueOf(first.pid()),
                            "another directory");
            assertThat(api.createTopic("still-works", 1).status()).isEqualTo(201);
            assertThat(api.get("/readyz?verbose").body().path("ready").asBoolean())
                    .isTrue();

            var broker = broker(first);
            broker.destroyForcibly();

            assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(first.exitValue()).isEqualTo(3);
            assertThat(Files.readAllLines(log("first")))
                    .filteredOn(line -> line.startsWith("seawall: the Kafka broker"))
                    .singleElement()
                    .asString()
                    .contains("process " + broker.pid(), "broker.log", "dev stops");
            assertThat(Files.readAllLines(log("first")))
                    .as("Kafka's clients log one line for each cause")
                    .filteredOn(line -> line.contains(" o.a.kafka."))
                    .hasSizeLessThan(10);
        } finally {
            stop(first);
        }
    }

    @Test
    @Tag("full")
    void aClusterLosesANodeAndItsBrokerAndGoesOn() throws Exception {
        var dev = start("cluster", "--nodes", "2", "--restart");
        try {
            var api = new NodeApi(awaitUrl(dev, "cluster"));
            assertThat(appends(api, "kept")).isTrue();

            var other = OTHER_NODE.matcher(Files.readString(log("cluster")));
            assertThat(other.find()).isTrue();
            ProcessHandle.of(Long.parseLong(other.group(1))).orElseThrow().destroyForcibly();
            awaitLine("cluster", "the other nodes take over its logs");
            Awaitility.await("the node that is left has every log")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> appends(api, "more"));

            broker(dev).destroyForcibly();
            awaitLine("cluster", "the Kafka broker answers again");
            Awaitility.await("appends go on").atMost(Duration.ofSeconds(90)).until(() -> appends(api, "again"));
            assertThat(api.readAll(PCHANNEL, "live"))
                    .first()
                    .satisfies(record -> assertThat(record.value()).asString().isEqualTo("kept"));
        } finally {
            stop(dev);
        }
    }

    @Test
    @Tag("full")
    void aNodeNoticesThatKafkaIsGoneAndStopsWithoutIt() throws Exception {
        try (var kafka = LocalKafka.builder().brokers(1).start()) {
            var dev = start("dev", "--kafka", kafka.bootstrapServers());
            try {
                var api = new NodeApi(awaitUrl(dev, "dev"));
                assertThat(api.get("/readyz").status()).isEqualTo(200);

                kafka.broker(0).kill();

                Awaitility.await("not ready, with the reason")
                        .atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> {
                            var answer = api.get("/readyz");
                            assertThat(answer.status()).isEqualTo(503);
                            assertThat(answer.body().toString()).contains("has not answered for 4 s");
                        });
                dev.destroy();
                assertThat(dev.waitFor(15, TimeUnit.SECONDS)).isTrue();
                assertThat(Files.readAllLines(log("dev")))
                        .as("Kafka's clients log one line for each cause")
                        .filteredOn(line -> line.contains(" o.a.kafka."))
                        .hasSizeLessThan(10);
            } finally {
                dev.destroyForcibly();
            }
        }
    }

    /** Appends at the log's owner, which may be another node. */
    private static boolean appends(NodeApi api, String value) {
        var owner = api.get("/v1/pchannels/" + PCHANNEL).body().path("url").asText();
        if (owner.isEmpty()) {
            return false;
        }
        try {
            return new NodeApi(owner)
                    .append(PCHANNEL, value.getBytes(UTF_8))
                    .join()
                    .isOk();
        } catch (CompletionException gone) {
            return false; // the node has been killed
        }
    }

    private static ProcessHandle broker(Process dev) {
        return dev.descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("BrokerMain"))
                .findFirst()
                .orElseThrow();
    }

    private void awaitLine(String name, String text) {
        Awaitility.await("the log has: " + text)
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.readString(log(name)).contains(text));
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private Process start(String name, String... more) throws IOException {
        var arguments = Stream.concat(
                Stream.of("dev", "--data", folder.resolve("data").toString(), "--port", "0", "--grpc-port", "0"),
                Stream.of(more));
        var command = CliRun.command(arguments.toArray(String[]::new));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile())
                .start();
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private String awaitUrl(Process process, String name) {
        var url = new String[1];
        Awaitility.await("dev is ready, log " + log(name))
                .atMost(Duration.ofSeconds(150))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    var text = Files.readString(log(name));
                    var matcher = READY.matcher(text);
                    if (matcher.find()) {
                        url[0] = matcher.group(1);
                    } else if (!process.isAlive()) {
                        throw new IllegalStateException("dev ended: " + text);
                    }
                    return url[0] != null;
                });
        return url[0];
    }
}
