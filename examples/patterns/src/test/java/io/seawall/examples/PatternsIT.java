package io.seawall.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.client.SeawallClient;
import io.seawall.client.log.Ack;
import io.seawall.client.log.TopicOptions;
import io.seawall.client.log.WalRecord;
import io.seawall.examples.changefeed.ChangeFeed;
import io.seawall.examples.queues.Queues;
import io.seawall.examples.statemachine.Accounts;
import io.seawall.kafkalocal.LocalKafka;
import io.seawall.node.Node;
import io.seawall.node.config.NodeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PatternsIT {
    private static LocalKafka kafka;
    private static Node node;
    private static String address;

    @TempDir
    private static Path nodeFolder;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        kafka = LocalKafka.builder().start();
        node = Node.start(NodeConfig.load(
                null,
                Map.of(),
                List.of(
                        "node.id=n1",
                        "kafka.bootstrap.servers=" + kafka.bootstrapServers(),
                        "http.port=0",
                        "grpc.port=0",
                        "data.dir=" + nodeFolder)));
        address = node.grpc().orElseThrow();
    }

    @AfterAll
    static void stop() {
        node.close();
        kafka.close();
    }

    @Test
    void aStateMachineReplaysWhatItsSnapshotDoesNotHave() throws Exception {
        var mine = folder.resolve("mine").toString();

        assertThat(run(Accounts.class, mine, "alice", "10")).containsExactly("replayed 1 from LSN 0: {alice=10}");
        assertThat(run(Accounts.class, mine, "bob", "5")).containsExactly("replayed 1 from LSN 1: {alice=10, bob=5}");
        assertThat(run(Accounts.class, mine, "alice", "-3")).containsExactly("replayed 1 from LSN 2: {alice=7, bob=5}");
        assertThat(run(Accounts.class, mine)).containsExactly("replayed 0 from LSN 3: {alice=7, bob=5}");
        assertThat(run(Accounts.class, folder.resolve("another").toString()))
                .containsExactly("replayed 3 from LSN 0: {alice=7, bob=5}");
    }

    @Test
    void queuesKeepTheOrderOfEachCustomerAndTheWorkersPlace() throws Exception {
        // Given: alice's messages and those of bob are in two logs
        for (var text : List.of("one", "two")) {
            assertThat(run(Queues.class, "put", "alice", text)).isEmpty();
            assertThat(run(Queues.class, "put", "bob", text)).isEmpty();
        }
        var positions = folder.resolve("positions").toString();

        try (var worker = Program.start(Queues.class, address, "work", positions)) {
            var handled = List.of(worker.line(), worker.line(), worker.line(), worker.line());

            assertThat(handled).containsSubsequence("alice: one", "alice: two");
            assertThat(handled).containsSubsequence("bob: one", "bob: two");
        }
        run(Queues.class, "put", "alice", "three");
        try (var worker = Program.start(Queues.class, address, "work", positions)) {
            // The last message of each log may come once more: the worker was killed between handling it and storing
            // its place.
            var next = worker.lineThat(line -> !Set.of("alice: two", "bob: two").contains(line));

            assertThat(next).isEqualTo("alice: three");
        }
    }

    /** Each change is counted in the stock of a product, so one that is lost or stored twice changes the sum. */
    @Test
    void aChangeFeedThatIsKilledStoresEachChangeOnce() throws Exception {
        // Given
        var database = folder.resolve("stock.db").toString();
        try (var client = SeawallClient.connect(address)) {
            client.createTopic("stock", TopicOptions.defaults().pchannels(1));
            var appended = 0;
            for (var round = 0; round < 5; round++) {
                appended = append(client, appended, 4_000);

                // When: it is killed as soon as it has stored something, in the middle of what follows
                try (var feed = Program.start(ChangeFeed.class, address, "stock-0", database)) {
                    assertThat(feed.line()).startsWith("next LSN ");
                }
                assertThat(next(database)).as("LSN to read next").isLessThanOrEqualTo(appended);
            }
            appended = append(client, appended, 1);
            var end = "next LSN " + appended;
            try (var feed = Program.start(ChangeFeed.class, address, "stock-0", database)) {
                var unused = feed.lineThat(end::equals);
            }

            // Then
            assertThat(next(database)).isEqualTo(appended);
            assertThat(stock(database, "even") + stock(database, "odd")).isEqualTo((appended - 1L) * appended / 2);
            assertThat(stock(database, "even"))
                    .isEqualTo(IntStream.range(0, appended)
                            .filter(n -> n % 2 == 0)
                            .asLongStream()
                            .sum());
        }
    }

    /** Appends records whose value is their LSN, and returns how many records the log has then. */
    private static int append(SeawallClient client, int from, int records) {
        try (var writer = client.writer("stock-0")) {
            var acks = IntStream.range(from, from + records)
                    .mapToObj(n -> writer.append(WalRecord.of(
                            (n % 2 == 0 ? "even" : "odd").getBytes(UTF_8),
                            String.valueOf(n).getBytes(UTF_8))))
                    .toList();
            assertThat(acks.get(records - 1).join()).extracting(Ack::lsn).isEqualTo(from + records - 1L);
            return from + records;
        }
    }

    private static long next(String database) throws SQLException {
        return number(database, "SELECT next FROM position");
    }

    private static long stock(String database, String product) throws SQLException {
        return number(database, "SELECT amount FROM stock WHERE product = '" + product + "'");
    }

    private static long number(String database, String query) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            assertThat(row.next()).as(query).isTrue();
            return row.getLong(1);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Accounts.class, Queues.class, ChangeFeed.class})
    void calledWrongItSaysHowToCallIt(Class<?> main) throws Exception {
        assertShowsUsage(Program.command(main), "usage: ");
    }

    @Test
    void theScriptKnowsTheThreeAndSaysSo() throws Exception {
        assertShowsUsage(List.of("bash", "run"), "usage: examples/patterns/run ");
        assertThat(Files.readString(Path.of("run")))
                .contains("statemachine.Accounts", "queues.Queues", "changefeed.ChangeFeed");
    }

    private static void assertShowsUsage(List<String> command, String start) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(process.inputReader(UTF_8).lines().toList())
                .first()
                .asString()
                .startsWith(start);
        assertThat(process.waitFor()).isEqualTo(2);
    }

    private static List<String> run(Class<?> main, String... args) throws Exception {
        var all = IntStream.rangeClosed(0, args.length)
                .mapToObj(at -> at == 0 ? address : args[at - 1])
                .toArray(String[]::new);
        try (var program = Program.start(main, all)) {
            var lines = program.linesToTheEnd();
            assertThat(program.exitCode()).as(String.join("\n", lines)).isZero();
            return lines;
        }
    }
}
