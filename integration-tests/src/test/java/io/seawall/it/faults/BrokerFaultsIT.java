package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.get;
import static io.seawall.it.faults.FaultyKafka.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.kafkalocal.LocalBroker;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three brokers, of which one is stopped or dead: T10 and T25 of docs/faults.md, and takeovers as plain consumers see them.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class BrokerFaultsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PER_SECOND = 500;
    private static final int LOGS = 3;
    private static final int TAKEOVERS = 10;
    private static final int FRESH_TOPICS = 3;

    private static FaultyKafka kafka;
    private static KafkaWals one;
    private static KafkaWals other;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(3, UnaryOperator.identity());
        one = kafka.throughProxy("one");
        other = kafka.throughProxy("other");
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /** P7, as consumers see it that know nothing of Seawall. */
    @Test
    void plainConsumersSeeEachRecordOnceThroughTenTakeoversUnderLoad() {
        var pchannel = kafka.create(one, "third-party");
        var appends = new Appends(pchannel);
        try (var committed = new PlainConsumer(kafka, pchannel, "read_committed");
                var uncommitted = new PlainConsumer(kafka, pchannel, "read_uncommitted")) {
            var owner = new AtomicReference<>(open(one, pchannel, 1));
            try (var load = new WalLoad(appends, 500, () -> Objects.requireNonNull(owner.get()))) {
                for (var term = 2; term <= 1 + TAKEOVERS; term++) {
                    load.awaitAcknowledged(150);
                    var next = open(term % 2 == 0 ? other : one, pchannel, term);
                    owner.getAndSet(next).close();
                }
                load.awaitAcknowledged(150);
            }
            try (var wal = Objects.requireNonNull(owner.get())) {
                appends.append(wal, "last").join();
            }
            committed.await("last");
            uncommitted.await("last");

            var log = Verdict.of(kafka, appends);
            assertThat(committed.data()).as("records that a follower saw").isEqualTo(log);
            assertThat(uncommitted.data().size())
                    .as("records that were written twice, because their lease was aborted")
                    .isGreaterThan(log.size());
            Verdict.assertRepeatsKeepTheirLsn(uncommitted.data());
        }
    }

    /** T25: the coordinator does not know the topic yet to which it has to write markers. */
    @Test
    void aLogOpenedBeforeItsCoordinatorKnowsTheTopicIsWhole() {
        var template = kafka.create(one, "template");
        var settings = settings(template);
        for (var round = 0; round < FRESH_TOPICS; round++) {
            var pchannel = kafka.coordinatedApart("fresh" + round);
            var coordinator = kafka.transaction(pchannel, "a").coordinatorId();
            var others = IntStream.range(0, 3)
                    .filter(id -> id != coordinator)
                    .boxed()
                    .toList();
            var appends = new Appends(pchannel);
            var topic = new NewTopic(kafka.partition(pchannel).topic(), Map.of(0, others)).configs(settings);
            kafka.broker(coordinator).pause();
            get(kafka.admin().createTopics(List.of(topic)).all());
            var opening = one.opener().open(pchannel, 1).wal();
            assertThat(opening).as("an opening without its coordinator").isNotDone();

            kafka.broker(coordinator).resume();

            try (var wal = firstOf(opening, pchannel)) {
                appends.appendEach(wal, "v", 20);
            }
            Verdict.of(kafka, appends);
        }
    }

    /**
     * Returns the opened log; opens again at later terms if the opening asked a broker that does not know the topic either.
     */
    private static FlushableWal firstOf(CompletableFuture<FlushableWal> opening, PChannel pchannel) {
        var term = new AtomicLong(1);
        var opened = new AtomicReference<>(opening);
        Awaitility.await("the new log is opened")
                .atMost(SOON)
                .until(
                        () -> opened.updateAndGet(before -> before.isCompletedExceptionally()
                                ? one.opener()
                                        .open(pchannel, term.incrementAndGet())
                                        .wal()
                                : before),
                        future -> future.isDone() && !future.isCompletedExceptionally());
        return Objects.requireNonNull(opened.get()).join();
    }

    /** Returns the settings of the topic. */
    private static Map<String, String> settings(PChannel pchannel) {
        var topic = new ConfigResource(
                ConfigResource.Type.TOPIC, kafka.partition(pchannel).topic());
        return get(kafka.admin().describeConfigs(List.of(topic)).values().get(topic)).entries().stream()
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    /** T10: each broker is killed in turn, no matter what it leads at that time. */
    @Test
    void aRollingKillUnderLoadIsNoMoreThanAPause() {
        var wals = rollUnderLoad(impatient("killed"), "killed", broker -> {
            broker.kill();
            broker.start();
        });
        assertThat(wals.stream().mapToLong(Wal::epoch).sum()).as("recoveries").isPositive();
    }

    /** T10. */
    @Test
    void aRollingRestartUnderLoadIsNoMoreThanAPause() {
        rollUnderLoad(one, "restarted", LocalBroker::restart);
    }

    /**
     * T10. A stopped broker keeps its connections, so that no request fails at once. Each broker is stopped until others
     * have taken its place, and resumes as a deposed one.
     */
    @Test
    void aRollingStandstillUnderLoadIsNoMoreThanAPause() {
        var wals = rollUnderLoad(impatient("stopped"), "stopped", broker -> {
            broker.pause();
            awaitDeposed("stopped", broker.id());
            broker.resume();
        });
        assertThat(wals.stream().mapToLong(Wal::epoch).sum()).as("recoveries").isPositive();
    }

    /** Connects a node whose Kafka clients give up before an election ends, so that the logs have to recover. */
    private static KafkaWals impatient(String name) {
        return kafka.throughProxy("impatient-" + name, QuickSettings.deliveringWithin(Duration.ofMillis(2_500)));
    }

    private static void awaitDeposed(String topic, int broker) {
        Awaitility.await("broker " + broker + " leads no partition")
                .atMost(SOON)
                .until(() -> IntStream.range(0, LOGS)
                        .mapToObj(number -> kafka.describe(kafka.partition(new PChannel(topic, number))))
                        .allMatch(partition -> partition.leader() != null
                                && partition.leader().id() != broker
                                && partition.isr().stream().noneMatch(node -> node.id() == broker)));
    }

    /** The duties of a broker. */
    private enum Duty {
        LEADER,
        COORDINATOR,
        CONTROLLER
    }

    private static Set<Duty> duties(LocalBroker broker, List<Appends> logs) {
        var duties = EnumSet.noneOf(Duty.class);
        if (kafka.controller() == broker.id()) {
            duties.add(Duty.CONTROLLER);
        }
        for (var log : logs) {
            if (kafka.leader(log.pchannel()) == broker.id()) {
                duties.add(Duty.LEADER);
            }
            if (Stream.of("a", "b")
                    .anyMatch(lane -> kafka.transaction(log.pchannel(), lane).coordinatorId() == broker.id())) {
                duties.add(Duty.COORDINATOR);
            }
        }
        return duties;
    }

    private static List<FlushableWal> rollUnderLoad(KafkaWals node, String topic, Consumer<LocalBroker> fault) {
        node.topics().create(TopicSpec.of(topic, LOGS));
        var logs = IntStream.range(0, LOGS)
                .mapToObj(number -> new Appends(new PChannel(topic, number)))
                .toList();
        var wals = logs.stream().map(log -> open(node, log.pchannel(), 1)).toList();
        var loads = new ArrayList<WalLoad>();
        var struck = EnumSet.noneOf(Duty.class);
        try (var watch =
                new ClusterWatch(kafka, logs.stream().map(Appends::pchannel).toList())) {
            for (var number = 0; number < LOGS; number++) {
                var wal = wals.get(number);
                loads.add(new WalLoad(logs.get(number), PER_SECOND / LOGS, () -> wal));
            }
            for (var broker : kafka.brokers()) {
                loads.forEach(load -> load.awaitAcknowledged(PER_SECOND / LOGS));
                var duties = duties(broker, logs);
                System.out.println(topic + ": broker " + broker.id() + ", which is " + duties);
                struck.addAll(duties);
                fault.accept(broker);
                awaitInSync(topic);
            }
            loads.forEach(load -> load.awaitAcknowledged(PER_SECOND / LOGS));
            loads.forEach(WalLoad::stop);
            System.out.println(topic + ": " + watch.leaderChanges() + " leader changes, " + watch.coordinatorMoves()
                    + " coordinator moves, epochs "
                    + wals.stream().map(Wal::epoch).toList() + ", "
                    + loads.stream().mapToInt(WalLoad::offered).sum() + " offered");
            assertThat(watch.leaderChanges()).as("leader changes").isGreaterThanOrEqualTo(3);
            assertThat(watch.coordinatorMoves()).as("coordinator moves").isPositive();
            assertThat(struck).as("duties of the brokers that were hit").containsExactly(Duty.values());
        }
        assertThat(wals).allSatisfy(wal -> assertThat(wal.term()).isEqualTo(1));
        assertThat(wals)
                .extracting(wal -> wal.ended().isDone())
                .as("logs that ended")
                .containsOnly(false);
        assertThat(logs).extracting(log -> log.history().unknownCount()).containsOnly(0);
        wals.forEach(Wal::close);
        logs.forEach(log -> assertThat(WalLoad.numbers(Verdict.of(kafka, log)))
                .as("records are in the order of the offers")
                .isSorted());
        return wals;
    }

    /** Waits until every replica is in sync again: with another broker down, too few replicas would be left to write. */
    private static void awaitInSync(String topic) {
        Awaitility.await("all replicas are in sync")
                .atMost(SOON)
                .until(() -> IntStream.range(0, LOGS)
                        .mapToObj(number -> kafka.describe(kafka.partition(new PChannel(topic, number))))
                        .allMatch(partition -> partition.isr().size() == 3));
    }
}
