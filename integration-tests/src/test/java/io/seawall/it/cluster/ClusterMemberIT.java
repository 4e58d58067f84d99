package io.seawall.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.coordinator.kafka.ClusterConnection;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.MetaCodec;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members of a cluster on a real Kafka. Each test has a prefix, and so a cluster, of its own. */
@Timeout(120)
class ClusterMemberIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<MemberUnderTest> members = new ArrayList<>();
    private TestKafka kafka;

    @BeforeEach
    void start() {
        kafka = TestKafka.start();
    }

    @AfterEach
    void stop() {
        members.forEach(MemberUnderTest::close);
        kafka.close();
    }

    private ClusterConnection connection() {
        return ClusterConnection.plain(kafka.bootstrapServers(), kafka.prefix());
    }

    private MemberUnderTest join(String node, String incarnation) {
        var member = MemberUnderTest.join(connection(), node, incarnation);
        members.add(member);
        return member;
    }

    private List<MemberUnderTest> joinThree(String suffix) {
        return List.of(join("n1", "n1-" + suffix), join("n2", "n2-" + suffix), join("n3", "n3-" + suffix));
    }

    private void leave(MemberUnderTest member) {
        members.remove(member);
        member.close();
    }

    private static MemberUnderTest awaitLeader(List<MemberUnderTest> among) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> among.stream().anyMatch(each -> each.view().leading()));
        return among.stream().filter(each -> each.view().leading()).findFirst().orElseThrow();
    }

    private static void awaitAll(List<MemberUnderTest> all, Predicate<MetaState> condition) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() ->
                        all.stream().allMatch(each -> condition.test(each.view().state())));
    }

    /** Asks for a change until a coordinator has made it. */
    private void change(List<MemberUnderTest> among, Command command) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            awaitLeader(among).member().command(command).get(5, TimeUnit.SECONDS);
            return true;
        });
    }

    private static boolean isOpen(MetaState state, int logs, List<MemberUnderTest> owners) {
        var nodes = new TreeSet<String>();
        owners.forEach(owner -> nodes.add(owner.self().incarnation()));
        return state.pchannels().size() == logs
                && state.pchannels().stream()
                        .allMatch(pchannel -> state.assignment(pchannel)
                                .filter(Owned.class::isInstance)
                                .map(Owned.class::cast)
                                .filter(owned -> nodes.contains(owned.owner().incarnation()))
                                .flatMap(owned ->
                                        state.status(pchannel, owned.owner().incarnation()))
                                .filter(status -> status.condition() == Condition.AVAILABLE)
                                .filter(status -> status.term()
                                        == state.assignment(pchannel).get().term())
                                .isPresent());
    }

    private static Map<PChannel, Long> terms(MetaState state) {
        var terms = new TreeMap<PChannel, Long>();
        state.assignments().forEach(each -> terms.put(each.pchannel(), each.term()));
        return terms;
    }

    private static void assertThatTermsHaveGrown(Map<PChannel, Long> before, Map<PChannel, Long> after) {
        assertThat(after).hasSameSizeAs(before);
        before.forEach((pchannel, term) -> assertThat(after.get(pchannel)).isGreaterThan(term));
    }

    @Test
    void threeMembersShareTheLogsOfATopicAndTheTopicsLastRecordsGiveTheSameStateAsAll() throws Exception {
        var all = joinThree("a");
        var leader = awaitLeader(all);
        awaitAll(all, state -> state.nodes().size() == 3);
        var times = new ArrayList<Double>();

        for (var each = 0; each < 20; each++) {
            var name = "t" + each;
            var began = System.nanoTime();
            leader.member().command(new Command.AddTopic(name, 3)).get(10, TimeUnit.SECONDS);
            assertThat(leader.view().state().topic(name)).isPresent();
            awaitAll(all, state -> state.topic(name).isPresent());
            times.add((System.nanoTime() - began) / 1e6);
        }
        awaitAll(all, state -> isOpen(state, 60, all));

        System.out.println("ms from a command to all three having read it: " + shown(times));
        assertThat(all).extracting(each -> each.view().leading()).containsOnlyOnce(true);
        for (var each : all) {
            assertThat(logsOf(leader.view().state(), each)).as(each.node()).isEqualTo(20);
        }
        var records = records();
        var whole = MetaState.EMPTY.after(new ArrayList<>(records));
        var last = new LinkedHashMap<MetaKey, News>();
        records.forEach(news -> last.put(news.key(), news));
        assertThat(MetaState.EMPTY.after(last.values())).isEqualTo(whole);
        awaitAll(all, state -> state.equals(whole));
    }

    private static long logsOf(MetaState state, MemberUnderTest owner) {
        return state.assignments().stream()
                .filter(each -> each.home().equals(owner.node()))
                .count();
    }

    private static String shown(List<Double> times) {
        var sorted = times.stream().sorted().toList();
        return "p50 " + Math.round(sorted.get(sorted.size() / 2)) + ", worst "
                + Math.round(sorted.get(sorted.size() - 1)) + " of " + sorted.size();
    }

    private List<News> records() {
        var partition = new TopicPartition(connection().metaTopic(), 0);
        var read = new ArrayList<News>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record ->
                                MetaCodec.read(record.key(), record.value()).ifPresent(read::add));
            }
        }
        return read;
    }

    @Test
    void anotherMemberCoordinatesWhenTheCoordinatorLeaves() {
        var all = new ArrayList<>(joinThree("a"));
        change(all, new Command.AddTopic("t", 6));
        awaitAll(all, state -> isOpen(state, 6, all));
        var leader = awaitLeader(all);
        var before = terms(leader.view().state());

        all.remove(leader);
        var began = System.nanoTime();
        leave(leader);
        var next = awaitLeader(all);
        var ms = (System.nanoTime() - began) / 1_000_000;

        System.out.println("ms from the coordinator's close to the next one's leading: " + ms);
        awaitAll(all, state -> isOpen(state, 6, all));
        terms(next.view().state())
                .forEach((pchannel, term) -> assertThat(term).isGreaterThanOrEqualTo(before.get(pchannel)));
    }

    @Test
    void aKilledCoordinatorIsRemovedByAPeerThatLearnsOfItAndDoesNotHoldUpTheCluster() throws Exception {
        var times = new ArrayList<Double>();
        for (var round = 0; round < 3; round++) {
            times.add(killTheCoordinator("k" + round));
        }
        System.out.println("ms from the hint to the next coordinator's leading: " + shown(times));
        assertThat(times).as("without waiting for the session of 6 s").allMatch(ms -> ms < 5_000);
    }

    private double killTheCoordinator(String suffix) throws Exception {
        var dead = "d-" + suffix;
        try (var process = MemberProcess.start(kafka.bootstrapServers(), kafka.prefix(), dead, dead + "-1")) {
            await().atMost(PATIENCE.multipliedBy(2))
                    .ignoreExceptions()
                    .until(() -> coordinates(MetaState.EMPTY.after(records()), dead));
            var left =
                    List.of(join("n2-" + suffix, "n2-" + suffix + "-1"), join("n3-" + suffix, "n3-" + suffix + "-1"));
            awaitAll(
                    left,
                    state -> left.stream()
                                    .allMatch(each -> state.node(each.node()).isPresent())
                            && coordinates(state, dead));
            process.kill();
            var began = System.nanoTime();
            left.forEach(each -> each.member().suspect(new Hint(dead, dead + "-1", each.node())));
            awaitLeader(left);
            var ms = (System.nanoTime() - began) / 1e6;
            change(left, new Command.AddTopic("t-" + suffix, 4));
            awaitAll(left, state -> isOpen(state, state.pchannels().size(), left));
            left.forEach(this::leave);
            return ms;
        }
    }

    private static boolean coordinates(MetaState state, String node) {
        return state.coordinator().filter(record -> record.node().equals(node)).isPresent();
    }

    @Test
    void aCoordinatorWhoseIdWasTakenStepsDownAndBeginsAgain() throws Exception {
        var all = joinThree("a");
        var leader = awaitLeader(all);
        change(all, new Command.AddTopic("t", 3));
        awaitAll(all, state -> isOpen(state, 3, all));
        var before = nonce(leader.view().state());

        try (var rival = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "transactional.id",
                        connection().coordinatorId()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            rival.initTransactions();
        }
        var lost = leader.member().command(new Command.AddTopic("u", 3));

        assertThat(lost).failsWithin(PATIENCE);
        change(all, new Command.AddTopic("u", 3));
        awaitAll(all, state -> isOpen(state, 6, all));
        assertThat(nonce(leader.view().state())).isNotEqualTo(before);
    }

    private static String nonce(MetaState state) {
        return state.coordinator().map(MetaRecord.Coordinator::nonce).orElse("");
    }

    @Test
    void termsGoOnAfterAllMembersHaveRestartedAndTheGroupWasDeleted() throws Exception {
        var first = joinThree("a");
        change(first, new Command.AddTopic("t", 6));
        awaitAll(first, state -> isOpen(state, 6, first));
        var before = terms(first.get(0).view().state());
        List.copyOf(members).forEach(this::leave);
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteConsumerGroups(List.of(connection().group())).all().get(10, TimeUnit.SECONDS);
        }

        var second = joinThree("b");
        awaitAll(second, state -> isOpen(state, 6, second));

        assertThatTermsHaveGrown(before, terms(second.get(0).view().state()));
    }

    @Test
    void aMetaTopicThatIsMadeAgainIsReadAgainAndItsFormerStateIsForgotten() throws Exception {
        var all = joinThree("a");
        change(all, new Command.AddTopic("t", 3));
        awaitAll(all, state -> isOpen(state, 3, all));
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(List.of(connection().metaTopic())).all().get(10, TimeUnit.SECONDS);
        }

        awaitAll(all, state -> state.topic("t").isEmpty() && state.nodes().size() == 3);
        change(all, new Command.AddTopic("u", 3));
        awaitAll(all, state -> isOpen(state, 3, all));
        awaitAll(all, state -> state.equals(MetaState.EMPTY.after(records())));
    }
}
