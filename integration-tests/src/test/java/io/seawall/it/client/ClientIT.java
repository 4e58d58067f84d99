package io.seawall.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.client.ClientOptions;
import io.seawall.client.SeawallClient;
import io.seawall.client.log.Ack;
import io.seawall.client.log.LogReader;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.LogWriter;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.TopicDescription.Outcome;
import io.seawall.client.log.TopicOptions;
import io.seawall.client.log.WalRecord;
import io.seawall.client.log.WriterOptions;
import io.seawall.it.kit.FreePort;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writers and readers of the client while owners of the log are killed and hand it over: each record once, in order, for all. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("long")
class ClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> IDS = List.of("n1", "n2");
    private static final int WRITERS = 4;
    private static final int BETWEEN = 2_000;

    @TempDir
    private Path folder;

    private final Map<String, Integer> ports = new TreeMap<>();
    private final Map<String, NodeProcess> nodes = new TreeMap<>();

    private NodeProcess start(String id, TestKafka kafka) {
        var port = ports.computeIfAbsent(id, unused -> FreePort.find());
        return NodeProcess.start(Spec.of(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                "prefix=" + kafka.prefix(),
                "grpc.port=" + port,
                "segments.root=" + folder.resolve("segments")));
    }

    private SeawallClient connect() {
        var options = ClientOptions.builder();
        ports.values().forEach(port -> options.endpoint("127.0.0.1:" + port));
        return SeawallClient.connect(options.build());
    }

    /** A thread that appends one number after the other. */
    private static final class Load implements AutoCloseable {
        final LogWriter writer;
        final String name;
        final List<CompletableFuture<Ack>> answers = Collections.synchronizedList(new ArrayList<>());
        final AtomicLong acknowledged = new AtomicLong();
        private final AtomicBoolean stopping = new AtomicBoolean();
        private final Thread thread;

        Load(SeawallClient client, String log, String name, WriterOptions options) {
            this.writer = client.writer(log, options);
            this.name = name;
            this.thread = new Thread(this::run, "load-" + name);
            thread.start();
        }

        private void run() {
            for (var number = 0; !stopping.get(); number++) {
                answers.add(writer.append(name + "/" + number).thenApply(ack -> {
                    acknowledged.incrementAndGet();
                    return ack;
                }));
                if (number - acknowledged.get() > 500) {
                    answers.get(number).join(); // keeps the test small
                }
            }
        }

        /** Stops appending and waits for all answers. */
        @Override
        public void close() {
            stopping.set(true);
            try {
                thread.join(TimeUnit.MINUTES.toMillis(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(thread.isAlive()).isFalse();
            writer.flush().join();
            writer.close();
        }
    }

    private static void awaitMore(List<Load> loads) {
        var before = loads.stream().mapToLong(load -> load.acknowledged.get()).toArray();
        Awaitility.await("each writer gets answers")
                .atMost(PATIENCE)
                .until(() -> IntStream.range(0, before.length)
                        .allMatch(at -> loads.get(at).acknowledged.get() >= before[at] + BETWEEN));
    }

    private static String owner(SeawallClient client, String log) {
        var owner = new String[1];
        Awaitility.await(log + " has an owner").atMost(PATIENCE).until(() -> {
            owner[0] = client.describe(log).owner();
            return owner[0] != null;
        });
        return owner[0];
    }

    @Test
    void nothingIsLostDoubledOrOutOfOrderWhileOwnersDieAndHandOver() {
        try (var kafka = TestKafka.start()) {
            IDS.forEach(id -> nodes.put(id, start(id, kafka)));
            try (var client = connect()) {
                var created =
                        client.createTopic("orders", TopicOptions.defaults().pchannels(1));
                assertThat(created.outcome()).isEqualTo(Outcome.CREATED);
                var log = "orders-0";
                var following = new ArrayList<LogRecord>();
                try (var reader = client.reader(log, StartPosition.oldest())) {
                    var loads = IntStream.range(0, WRITERS)
                            .mapToObj(at -> new Load(
                                    client,
                                    log,
                                    "w" + at,
                                    at == 0
                                            ? WriterOptions.defaults().withLinger(Duration.ofMillis(2))
                                            : WriterOptions.defaults()))
                            .toList();
                    var pumped = new Thread(() -> reader.forEach(following::add), "reader");
                    pumped.start();
                    awaitMore(loads);

                    // the owner is killed and comes back
                    var first = owner(client, log);
                    node(first).kill();
                    awaitMore(loads);
                    nodes.put(first, start(first, kafka));

                    // the owner stops in order, which hands the log over
                    awaitMore(loads);
                    var second = owner(client, log);
                    node(second).close();
                    awaitMore(loads);
                    nodes.put(second, start(second, kafka));
                    awaitMore(loads);
                    loads.forEach(Load::close);

                    judge(client, log, loads, reader, following, pumped);
                }
            } finally {
                nodes.values().parallelStream().forEach(NodeProcess::close);
            }
        }
    }

    private NodeProcess node(String id) {
        var node = nodes.get(id);
        if (node == null) {
            throw new IllegalStateException(id + " does not run");
        }
        return node;
    }

    private static void judge(
            SeawallClient client,
            String log,
            List<Load> loads,
            LogReader reader,
            List<LogRecord> following,
            Thread pumped) {
        var tail = client.confirmedTail(log);
        Awaitility.await("the reader has all").atMost(PATIENCE).until(() -> reader.next() == tail);
        reader.close();
        join(pumped);
        var again = new ArrayList<LogRecord>();
        try (var whole = client.reader(
                log, StartPosition.oldest(), ReaderOptions.defaults().withUntilTail(true))) {
            whole.forEach(again::add);
        }

        assertThat(again).hasSize((int) tail);
        assertThat(following.subList(0, following.size())).isEqualTo(again.subList(0, following.size()));
        assertThat(following.size())
                .isGreaterThan((int) tail - 10_000); // what was prefetched when it was closed is missing
        for (var load : loads) {
            var values = again.stream()
                    .map(LogRecord::text)
                    .filter(value -> value.startsWith(load.name + "/"))
                    .toList();
            var expected = IntStream.range(0, load.answers.size())
                    .mapToObj(number -> load.name + "/" + number)
                    .toList();
            assertThat(values).isEqualTo(expected);
            for (var number = 0; number < expected.size(); number++) {
                var lsn = (int) load.answers.get(number).join().lsn();
                assertThat(again.get(lsn).text()).isEqualTo(expected.get(number));
            }
        }
        System.out.println(tail + " records of " + loads.size() + " writers, each once and in order");
    }

    private static void join(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void conditionsFlushesAndTrims() {
        try (var kafka = TestKafka.start()) {
            try (var node = start("n1", kafka);
                    var client = SeawallClient.connect(node.grpc())) {
                client.createTopic("exact", TopicOptions.defaults().pchannels(2));
                assertThat(client.logs("exact"))
                        .extracting(log -> log.pchannel())
                        .containsExactly("exact-0", "exact-1");
                try (var writer = client.writer("exact-0")) {
                    assertThat(writer.append(List.of(WalRecord.of("a"), WalRecord.of("b")))
                                    .join()
                                    .last())
                            .isEqualTo(1);
                    assertThat(writer.appendIfTail(2, List.of(WalRecord.of("c")))
                                    .join()
                                    .lsn())
                            .isEqualTo(2);
                    var late = writer.appendIfTail(2, List.of(WalRecord.of("d")));
                    var behind = writer.append("e");

                    assertThat(late).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("tail 3");
                    assertThat(behind.join().lsn()).isEqualTo(3);
                }
                assertThat(client.flush("exact-0", PATIENCE)).isEqualTo(4);
                assertThat(client.trim("exact-0", 2)).isEqualTo(2);
                assertThat(SeawallException.from(org.assertj.core.api.Assertions.catchThrowable(
                                        () -> client.describe("nothing-0")))
                                .code())
                        .isEqualTo("NOT_FOUND");
            }
        }
    }
}
