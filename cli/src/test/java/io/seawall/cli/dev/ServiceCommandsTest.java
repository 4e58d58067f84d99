package io.seawall.cli.dev;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.cli.FakeNode;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.dev.BrokerLauncher.RunningBroker;
import io.seawall.cli.dev.NodeLauncher.RunningNode;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(30)
class ServiceCommandsTest {
    private static final String DEMO_OPEN =
            "{\"pchannels\":[" + demo(0) + "," + demo(1) + "," + demo(2) + "," + demo(3) + "]}";

    private final FakeNode api = new FakeNode();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<Thread> hooks = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private volatile Optional<String> grpc = Optional.empty();
    private final CompletableFuture<String> brokerEnded = new CompletableFuture<>();
    private final Stdio stdio =
            Stdio.of(InputStream.nullInputStream(), out, new PrintStream(err, true, UTF_8), false, false);

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void startsADemoAndStopsTheNodeBeforeTheBroker() {
        // given: a topic that is open only when asked for the second time
        var looks = new AtomicInteger();
        api.on("GET /v1/topics", 200, "{\"topics\":[]}")
                .on("PUT /v1/topics/demo", 201, "{}")
                .on(
                        "GET /v1/pchannels",
                        any -> FakeNode.Answer.json(
                                200, looks.incrementAndGet() == 1 ? "{\"pchannels\":[]}" : DEMO_OPEN));
        var running =
                run(new DevCommand(stdio, this::node, this::broker, hooks::add), "--data", "d", "--set", "mode=manual");
        await().atMost(Duration.ofSeconds(20)).until(() -> out.toString(UTF_8).contains("is ready at " + api.url()));

        // when: the process is asked to stop
        assertThat(hooks).hasSize(1);
        hooks.get(0).start();

        // then
        assertThat(running.join()).isZero();
        assertThat(events)
                .containsExactly(
                        "broker started on " + Path.of("d", "kafka"),
                        "node started with [node.id=dev, cluster.settle.ms=0, data.dir=d, kafka.bootstrap.servers=127.0.0.1:9, "
                                + "mode=manual]",
                        "node closed",
                        "broker closed");
    }

    @Test
    void usesAClusterThatIsThereAndATopicThatIsThere() {
        // given
        grpc = Optional.of("127.0.0.1:8081");
        api.on("GET /v1/topics", 200, "{\"topics\":[{\"topic\":\"demo\",\"pchannels\":8}]}")
                .on("GET /v1/pchannels", 200, DEMO_OPEN);
        var command = new DevCommand(stdio, this::node, this::broker, hooks::add);

        // when
        var running = run(command, "--kafka", "kafka:9092", "--port", "8080", "--grpc-port", "8081", "--json");
        await().atMost(Duration.ofSeconds(20)).until(() -> out.size() > 0);
        hooks.get(0).start();

        // then
        assertThat(running.join()).isZero();
        assertThat(out.toString(UTF_8))
                .isEqualTo(
                        "{\"url\":\"" + api.url()
                                + "\",\"kafka\":\"kafka:9092\",\"data\":\"data\",\"topic\":\"demo\",\"grpc\":\"127.0.0.1:8081\"}\n");
        assertThat(events.get(0)).contains("kafka.bootstrap.servers=kafka:9092, http.port=8080, grpc.port=8081");
        assertThat(api.requests()).noneMatch(request -> request.method().equals("PUT"));
    }

    @Test
    void stopsTheBrokerIfTheNodeDoesNotStart() {
        NodeLauncher broken = (file, assignments) -> {
            throw new CommandFailed("port 7070 is taken");
        };

        var code = run(new DevCommand(stdio, broken, this::broker, hooks::add)).join();

        assertThat(code).isEqualTo(1);
        assertThat(events).last().isEqualTo("broker closed");
    }

    @Test
    void reportsTheEndOfTheBrokerAndStops() {
        // given
        api.on("GET /v1/topics", 200, "{\"topics\":[{\"topic\":\"demo\",\"pchannels\":4}]}")
                .on("GET /v1/pchannels", 200, DEMO_OPEN);
        var running = run(new DevCommand(stdio, this::node, this::broker, hooks::add));
        await().atMost(Duration.ofSeconds(20)).until(() -> out.size() > 0);

        // when
        brokerEnded.complete("broker 0 ended with status 137");

        // then
        assertThat(running.join()).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8)).contains("seawall: broker 0 ended with status 137; dev stops");
        assertThat(events).endsWith("node closed", "broker closed");
    }

    @Test
    void reportsNoEndOfTheBrokerWhileDevStops() {
        // given
        api.on("GET /v1/topics", 200, "{\"topics\":[{\"topic\":\"demo\",\"pchannels\":4}]}")
                .on("GET /v1/pchannels", 200, DEMO_OPEN);
        var running = run(new DevCommand(stdio, this::node, this::broker, hooks::add));
        await().atMost(Duration.ofSeconds(20)).until(() -> out.size() > 0);

        // when: as with Ctrl-C, which reaches both
        Runnable hook = hooks.get(0); // on this thread, so that it is done when the broker ends
        hook.run();
        brokerEnded.complete("broker 0 ended with status 130");

        // then
        assertThat(running.join()).isZero();
        assertThat(err.toString(UTF_8)).doesNotContain("130");
    }

    @Test
    void runsANodeFromAFileAndSettings() {
        // given
        var running = run(
                new NodeCommand(stdio, this::node, hooks::add), "--config", "n.properties", "--set", "a=b", "--json");
        await().atMost(Duration.ofSeconds(20)).until(() -> out.size() > 0);

        // when
        hooks.get(0).start();

        // then
        assertThat(running.join()).isZero();
        assertThat(events).containsExactly("node started from n.properties with [a=b]", "node closed");
        assertThat(out.toString(UTF_8)).isEqualTo("{\"url\":\"" + api.url() + "\"}\n");
    }

    private CompletableFuture<Integer> run(Callable<Integer> command, String... args) {
        return CompletableFuture.supplyAsync(() -> new CommandLine(command)
                .setExecutionExceptionHandler((failure, ignored, parsed) -> ExitCode.FAILED)
                .execute(args));
    }

    private RunningNode node(@Nullable Path file, List<String> assignments) {
        events.add("node started" + (file == null ? "" : " from " + file) + " with " + assignments);
        var ended = new CountDownLatch(1);
        return new RunningNode() {
            @Override
            public URI url() {
                return URI.create(api.url());
            }

            @Override
            public Optional<String> grpc() {
                return grpc;
            }

            @Override
            public void awaitEnd() throws InterruptedException {
                ended.await();
            }

            @Override
            public void close() {
                events.add("node closed");
                ended.countDown();
            }
        };
    }

    private RunningBroker broker(Path data) {
        events.add("broker started on " + data);
        return new RunningBroker() {
            @Override
            public CompletableFuture<String> ended() {
                return brokerEnded;
            }

            @Override
            public String bootstrapServers() {
                return "127.0.0.1:9";
            }

            @Override
            public void close() {
                events.add("broker closed");
            }
        };
    }

    private static String demo(int partition) {
        return "{\"pchannel\":\"demo-" + partition + "\",\"state\":\"available\"}";
    }
}
