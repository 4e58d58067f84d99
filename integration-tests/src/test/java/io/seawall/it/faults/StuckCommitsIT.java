package io.seawall.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.FrameFault;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many logs wait for a coordinator that does not answer: the others are not to notice. */
@Tag("full")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StuckCommitsIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    /** Shorter than Kafka's client waits for the answers that are held. */
    private static final Duration COMMIT = Duration.ofSeconds(20);

    private static final int STUCK = 80;
    private static final int HEALTHY = 10;

    private static FaultyKafka kafka;
    private static KafkaWals node;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(1, UnaryOperator.identity());
        // As long as a commit may take: a request that is asked for again would be held once more, on another
        // connection.
        var patient = Map.<String, Object>of("request.timeout.ms", 30_000);
        var servers = Map.<String, Object>of("bootstrap.servers", kafka.proxy().bootstrapServers());
        node = KafkaWals.connect(
                new KafkaConnection(kafka.prefix(), true, servers, patient, Map.of(), Map.of()),
                WalSettings.defaults(),
                NodeIdentity.withoutUrl("node"));
    }

    @AfterAll
    static void stop() {
        node.close();
        kafka.close();
    }

    private static List<FlushableWal> openAll(String topic, int count) {
        node.topics().create(TopicSpec.of(topic, count));
        var openings = IntStream.range(0, count)
                .mapToObj(number ->
                        node.opener().open(new PChannel(topic, number), 1).wal())
                .toList();
        return openings.stream().map(CompletableFuture::join).toList();
    }

    private static CompletableFuture<?> append(Wal wal, String value) {
        return new Appends(wal.pchannel()).append(wal, value);
    }

    @Test
    void logsCommitAndOpenWhileOthersWaitForTheirCoordinator() {
        var stuck = openAll("stuck", STUCK);
        var healthy = openAll("healthy", HEALTHY);
        commitOneByOne(healthy, "before");
        var held = kafka.proxy()
                .plant(FrameFault.hold(Direction.REQUEST, ApiKeys.END_TXN)
                        .ofClient("stuck")
                        .everyTime());
        stuck.forEach(wal -> append(wal, "held").join());
        var waiting = stuck.stream().map(FlushableWal::commit).toList();
        Awaitility.await("every commit is under way").atMost(SOON).until(() -> held.strikes() >= STUCK);

        commitOneByOne(healthy, "meanwhile");
        var fresh = openAll("fresh", 3);

        assertThat(waiting).as("commits that wait for the coordinator").noneMatch(CompletableFuture::isDone);
        kafka.proxy().remove(held);
        held.release();
        CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new))
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
        fresh.forEach(Wal::close);
        healthy.forEach(Wal::close);
        stuck.forEach(Wal::close);
    }

    private static void commitOneByOne(List<FlushableWal> wals, String when) {
        var millis = wals.stream()
                .map(wal -> {
                    append(wal, when).join();
                    var from = System.nanoTime();
                    wal.commit().orTimeout(COMMIT.toSeconds(), TimeUnit.SECONDS).join();
                    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
                })
                .sorted()
                .toList();
        System.out.println(when + ": commit() of " + wals.size() + " logs took " + millis.get(0) + " to "
                + millis.get(millis.size() - 1) + " ms, median " + millis.get(millis.size() / 2));
    }
}
