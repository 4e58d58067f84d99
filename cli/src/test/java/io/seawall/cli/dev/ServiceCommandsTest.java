package io.seawall.cli.dev;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.cli.FakeNode;
import io.seawall.cli.command.ChildNode;
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
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    private volatile CompletableFuture<String> brokerEnded = new CompletableFuture<>();
    private final List<FakeChild> children = new CopyOnWriteArrayList<>();
    private volatile @Nullable String wrong; // what the check of settings finds
    private volatile @Nullable String startError; // why the node does not start
    private volatile boolean brokerIsBroken; // does not start again
    private final NodeLauncher nodes = new FakeLauncher();
    private final BrokerLauncher brokers = this::broker;
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
        var running = run(new DevCommand(stdio, nodes, brokers, hooks::add), "--data", "d", "--set", "mode=manual");
        await().atMost(Duration.ofSeconds(20)).until(() -> out.toString(UTF_8).contains("is ready at " + api.url()));

        // when: the process is asked to stop
        assertThat(hooks).hasSize(1);
        hooks.get(0).start();

        // then
        assertThat(running.join()).isZero();
        assertThat(events)
                .containsExactly(
                        "checked [node.id=dev, cluster.settle.ms=0, data.dir=d, kafka.bootstrap.servers=127.0.0.1:1, "
                                + "mode=manual]",
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
        var command = new DevCommand(stdio, nodes, brokers, hooks::add);

        // when
        var running = run(command, "--kafka", "kafka:9092", "--port", "8080", "--grpc-port", "8081", "--json");
        await().atMost(Duration.ofSeconds(20)).until(() -> out.size() > 0);
        hooks.get(0).start();

        // then
        assertThat(running.join()).isZero();
        assertThat(out.toString(UTF_8))
                .isEqualTo("{\"url\":\"" + api.url()
                        + "\",\"kafka\":\"kafka:9092\",\"data\":\"data\",\"topic\":\"demo\",\"pid\":"
                        + ProcessHandle.current().pid() + ",\"grpc\":\"127.0.0.1:8081\"}\n");
        assertThat(events.get(1)).contains("kafka.bootstrap.servers=kafka:9092, http.port=8080, grpc.port=8081");
        assertThat(api.requests()).noneMatch(request -> request.method().equals("PUT"));
    }

    @Test
    void stopsTheBrokerIfTheNodeDoesNotStart() {
        startError = "port 7070 is taken";

        var code = run(new DevCommand(stdio, nodes, brokers, hooks::add)).join();

        assertThat(code).isEqualTo(1);
        assertThat(events).last().isEqualTo("broker closed");
    }

    @Test
    void reportsTheEndOfTheBrokerAndStops() {
        // given
        api.on("GET /v1/topics", 200, "{\"topics\":[{\"topic\":\"demo\",\"pchannels\":4}]}")
                .on("GET /v1/pchannels", 200, DEMO_OPEN);
        var running = run(new DevCommand(stdio, nodes, brokers, hooks::add));
        await().atMost(Duration.ofSeconds(20)).until(() -> out.size() > 0);

        // when
        brokerEnded.complete("broker 0 ended with status 137");

        // then
        assertThat(running.join()).isEqualTo(ExitCode.BROKER_ENDED);
        assertThat(err.toString(UTF_8)).containsOnlyOnce("seawall: broker 0 ended with status 137; dev stops");
        assertThat(events).endsWith("node closed", "broker closed");
    }

    @Test
    void reportsNoEndOfTheBrokerWhileDevStops() {
        // given
        api.on("GET /v1/topics", 200, "{\"topics\":[{\"topic\":\"demo\",\"pchannels\":4}]}")
                .on("GET /v1/pchannels", 200, DEMO_OPEN);
        var running = run(new DevCommand(stdio, nodes, brokers, hooks::add));
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
    void startsNoBrokerIfTheNodeCouldNotStart() {
        wrong = "cannot listen on 127.0.0.1:7070: found Address already in use";

        var code = run(new DevCommand(stdio, nodes, brokers, hooks::add)).join();

        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(events).singleElement().asString().startsWith("checked ");
    }

    @Test
    void endsWithTheBrokerEvenWhileANodeStarts() {
        // given: a node that waits for Kafka
        startError = "WAIT";
        var running = run(new DevCommand(stdio, nodes, brokers, hooks::add));
        await().atMost(Duration.ofSeconds(20)).until(() -> events.contains("node waits"));

        // when
        brokerEnded.complete("broker 0 ended with status 1");

        // then
        assertThat(running.join()).isEqualTo(ExitCode.BROKER_ENDED);
        assertThat(events).endsWith("broker closed");
    }

    @Test
    void startsTheBrokerAgainIfTold() {
        // given
        api.on("GET /v1/topics", 200, "{\"topics\":[{\"topic\":\"demo\",\"pchannels\":4}]}")
                .on("GET /v1/pchannels", 200, DEMO_OPEN);
        var running = run(new DevCommand(stdio, nodes, brokers, hooks::add), "--restart");
        await().atMost(Duration.ofSeconds(20)).until(() -> out.size() > 0);

        // when: it ends twice, and does not start the second time
        brokerEnded.complete("broker 0 ended with status 137");
        await().atMost(Duration.ofSeconds(20)).until(() -> err.toString(UTF_8).contains("answers again"));
        brokerIsBroken = true;
        brokerEnded.complete("broker 0 ended with status 1");

        // then
        assertThat(running.join()).isEqualTo(ExitCode.BROKER_ENDED);
        assertThat(err.toString(UTF_8))
                .contains("broker 0 ended with status 137; starting it again", "broker 0 ended with status 1; starting")
                .contains("it does not start, so dev stops: disk is full");
    }

    @Test
    void givesUpABrokerThatEndsAgainAndAgain() {
        // given
        api.on("GET /v1/topics", 200, "{\"topics\":[{\"topic\":\"demo\",\"pchannels\":4}]}")
                .on("GET /v1/pchannels", 200, DEMO_OPEN);
        var running = run(new DevCommand(stdio, nodes, brokers, hooks::add), "--restart");
        await().atMost(Duration.ofSeconds(20)).until(() -> out.size() > 0);

        // when
        for (var end = 1; end <= DevBroker.MOST_RESTARTS + 1; end++) {
            var restarted = end;
            brokerEnded.complete("broker 0 ended");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> running.isDone()
                            || restarted
                                    == events.stream()
                                            .filter("broker restarted"::equals)
                                            .count());
        }

        // then
        assertThat(running.join()).isEqualTo(ExitCode.BROKER_ENDED);
        assertThat(err.toString(UTF_8)).contains("started it again 20 times");
    }

    @Test
    void runsAClusterWhoseOtherNodesAreProcesses() {
        // given
        api.on("GET /v1/topics", 200, "{\"topics\":[{\"topic\":\"demo\",\"pchannels\":4}]}")
                .on("GET /v1/pchannels", 200, DEMO_OPEN);

        // when
        var running = run(
                new DevCommand(stdio, nodes, brokers, hooks::add),
                "--nodes",
                "3",
                "--port",
                "8080",
                "--grpc-port",
                "0");
        await().atMost(Duration.ofSeconds(20)).until(() -> out.size() > 0);

        // then
        assertThat(children)
                .extracting(child -> child.id + " in " + child.directory + " with " + child.assignments)
                .containsExactly(
                        "dev-2 in " + Path.of("data", "dev-2") + " with [node.id=dev-2, data.dir="
                                + Path.of("data", "dev-2") + ", kafka.bootstrap.servers=127.0.0.1:9, segments.root="
                                + Path.of("data", "segments") + ", http.port=8082, grpc.port=0]",
                        "dev-3 in " + Path.of("data", "dev-3") + " with [node.id=dev-3, data.dir="
                                + Path.of("data", "dev-3") + ", kafka.bootstrap.servers=127.0.0.1:9, segments.root="
                                + Path.of("data", "segments") + ", http.port=8084, grpc.port=0]");
        assertThat(out.toString(UTF_8)).contains("Node dev-2 is process 1002 at http://127.0.0.1:1002", "kill -9 1002");

        // when one of them dies
        children.get(0).ended.complete("the node dev-2 (process 1002) ended with status 137");

        // then
        await().atMost(Duration.ofSeconds(20)).until(() -> err.toString(UTF_8).contains("take over its logs"));
        hooks.get(0).start();
        assertThat(running.join()).isZero();
        assertThat(events).endsWith("dev-3 closed", "dev-2 closed", "node closed", "broker closed");
    }

    @ParameterizedTest
    @CsvSource({"--nodes 0, 1 to 9", "--nodes 10, 1 to 9", "--kafka k:1 --restart, leave it out with --kafka"})
    void refusesOptionsThatContradict(String options, String expected) {
        var code = run(new DevCommand(stdio, nodes, brokers, hooks::add), options.split(" ", -1))
                .join();

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(events).isEmpty();
    }

    @Test
    void aNodeEndsWithItsInput() {
        var code = run(new NodeCommand(stdio, nodes, hooks::add), "--until-input-ends")
                .join();

        assertThat(code).isZero();
        assertThat(events).containsExactly("node started with []", "node closed");
    }

    @Test
    void runsANodeFromAFileAndSettings() {
        // given
        var running =
                run(new NodeCommand(stdio, nodes, hooks::add), "--config", "n.properties", "--set", "a=b", "--json");
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

    private final class FakeLauncher implements NodeLauncher {
        @Override
        public void check(List<String> assignments) {
            events.add("checked " + assignments);
            var found = wrong;
            if (found != null) {
                throw new CommandFailed(found);
            }
        }

        @Override
        public RunningNode start(@Nullable Path file, List<String> assignments) {
            var error = startError;
            if ("WAIT".equals(error)) {
                events.add("node waits");
                new CompletableFuture<Void>().join();
            }
            if (error != null) {
                throw new CommandFailed(error);
            }
            return node(file, assignments);
        }

        @Override
        public ChildNode spawn(String id, Path directory, List<String> assignments) {
            var child = new FakeChild(id, directory, assignments, 1002 + children.size(), new CompletableFuture<>());
            children.add(child);
            return child;
        }
    }

    private final class FakeChild implements ChildNode {
        private final String id;
        private final Path directory;
        private final List<String> assignments;
        private final long pid;
        private final CompletableFuture<String> ended;

        FakeChild(String id, Path directory, List<String> assignments, long pid, CompletableFuture<String> ended) {
            this.id = id;
            this.directory = directory;
            this.assignments = assignments;
            this.pid = pid;
            this.ended = ended;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public Path log() {
            return directory.resolve("node.log");
        }

        @Override
        public void awaitReady() {}

        @Override
        public URI url() {
            return URI.create("http://127.0.0.1:" + pid);
        }

        @Override
        public Optional<String> grpc() {
            return Optional.empty();
        }

        @Override
        public CompletableFuture<String> ended() {
            return ended;
        }

        @Override
        public void close() {
            events.add(id + " closed");
        }
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
            public SSLContext tls() {
                try {
                    return SSLContext.getDefault();
                } catch (NoSuchAlgorithmException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public Optional<String> token() {
                return Optional.empty();
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
            public void restart() {
                if (brokerIsBroken) {
                    throw new CommandFailed("disk is full");
                }
                brokerEnded = new CompletableFuture<>();
                events.add("broker restarted");
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
