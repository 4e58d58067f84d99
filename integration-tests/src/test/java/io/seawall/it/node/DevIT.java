package io.seawall.it.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.CliRun;
import io.seawall.it.kit.NodeApi;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code seawall dev}, killed and started again. Starts its own broker, regardless of {@code -Dkafka}. */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DevIT {
    private static final PChannel PCHANNEL = new PChannel("demo", 2);
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
                            "use another directory");
            assertThat(api.createTopic("still-works", 1).status()).isEqualTo(201);
            assertThat(api.get("/readyz?verbose").body().path("ready").asBoolean())
                    .isTrue();

            var broker = first.descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("java"))
                    .findFirst()
                    .orElseThrow();
            broker.destroyForcibly();

            assertThat(first.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(first.exitValue()).isEqualTo(1);
            assertThat(Files.readAllLines(log("first")))
                    .filteredOn(line -> line.startsWith("seawall: the Kafka broker"))
                    .singleElement()
                    .asString()
                    .contains("process " + broker.pid(), "broker.log", "dev stops");
        } finally {
            stop(first);
        }
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private Process start(String name) throws IOException {
        var command = CliRun.command(
                "dev", "--data", folder.resolve("data").toString(), "--set", "http.port=0", "--grpc-port", "0");
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
