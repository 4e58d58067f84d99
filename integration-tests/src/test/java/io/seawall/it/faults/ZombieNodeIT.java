package io.seawall.it.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeApi.Answer;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.FrameFault;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node that is stopped, or killed, at a chosen moment of an append while another node takes over: T1 and T2 of
 * docs/faults.md.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class ZombieNodeIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static FaultyKafka kafka;
    private static NodeProcess first;
    private static NodeProcess second;

    /** The moments at which the owner is stopped. */
    enum Moment {
        BEFORE_PRODUCE(Direction.REQUEST, ApiKeys.PRODUCE),
        AFTER_PRODUCE(Direction.ANSWER, ApiKeys.PRODUCE),
        BEFORE_COMMIT(Direction.REQUEST, ApiKeys.END_TXN),
        AFTER_COMMIT(Direction.ANSWER, ApiKeys.END_TXN);

        private final Direction direction;
        private final ApiKeys api;

        Moment(Direction direction, ApiKeys api) {
            this.direction = direction;
            this.api = api;
        }

        private FrameFault hold(PChannel pchannel) {
            return kafka.proxy().plant(FrameFault.hold(direction, api).ofClient("first-" + pchannel));
        }
    }

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(1, UnaryOperator.identity());
        first = NodeProcess.start(node("first", kafka.proxy().bootstrapServers()));
        second = NodeProcess.start(node("second", kafka.bootstrapServers()));
    }

    private static Spec node(String id, String bootstrapServers) {
        return Spec.of(
                id,
                bootstrapServers,
                folder.resolve(id),
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "flush.enabled=false",
                "wal.roll.ms=300");
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        kafka.close();
    }

    /** T2. */
    @ParameterizedTest
    @EnumSource
    void aZombieThatWakesUpInTheMiddleOfAnAppendGetsNothingIn(Moment moment) {
        var history = new History();
        var pchannel = owned(moment.name().toLowerCase(Locale.ROOT).replace('_', '-'), history);
        var held = moment.hold(pchannel);
        var inFlight = appendSome(first, pchannel, "in-flight");
        held.awaitStruck(SOON);
        first.pause();

        takeOver(pchannel, history);
        first.resume();
        held.release();

        var late = appendSome(first, pchannel, "late");
        settle(inFlight, pchannel, history);
        assertThat(settle(late, pchannel, history))
                .as("acknowledged late appends")
                .isZero();
        settle(appendSome(second, pchannel, "end"), pchannel, history);
        Verdict.of(kafka, pchannel, history);
    }

    /** T1. */
    @Test
    void anOwnerKilledWithAppendsInFlightLosesNothingThatItAcknowledged() {
        var history = new History();
        try (var doomed = NodeProcess.start(node("doomed", kafka.proxy().bootstrapServers()))) {
            var pchannel = owned(doomed, "killed", history);
            var held = kafka.proxy()
                    .plant(FrameFault.hold(Direction.ANSWER, ApiKeys.PRODUCE).ofClient("doomed-" + pchannel));
            var inFlight = appendSome(doomed, pchannel, "in-flight");
            held.awaitStruck(SOON);
            doomed.kill();
            inFlight.keySet().forEach(history::unknown);

            takeOver(pchannel, history);

            assertThat(Verdict.of(kafka, pchannel, history))
                    .as("records in the log whose append was never answered")
                    .hasSizeGreaterThan(history.acknowledgedCount());
        }
    }

    private static PChannel owned(String topic, History history) {
        return owned(first, topic, history);
    }

    private static PChannel owned(NodeProcess node, String topic, History history) {
        var pchannel = new PChannel(topic, 0);
        assertThat(node.api().createTopic(topic, 1).isOk()).isTrue();
        assertThat(node.api().assign(pchannel, 1).status()).isEqualTo(200);
        assertThat(settle(appendSome(node, pchannel, "before"), pchannel, history))
                .isPositive();
        return pchannel;
    }

    private static void takeOver(PChannel pchannel, History history) {
        assertThat(second.api().assign(pchannel, 2)).as("the next term").matches(answer -> answer.status() == 200);
        assertThat(settle(appendSome(second, pchannel, "after"), pchannel, history))
                .isPositive();
    }

    private static Map<String, CompletableFuture<Answer>> appendSome(NodeProcess node, PChannel pchannel, String name) {
        var sent = new HashMap<String, CompletableFuture<Answer>>();
        for (var number = 0; number < 10; number++) {
            var value = pchannel + name + number;
            sent.put(value, node.api().append(pchannel, value.getBytes(UTF_8)));
        }
        return sent;
    }

    /** Records every answer; returns the number of acknowledgements. */
    private static int settle(Map<String, CompletableFuture<Answer>> sent, PChannel pchannel, History history) {
        var acknowledged = 0;
        for (var entry : sent.entrySet()) {
            var answer = entry.getValue().join();
            if (answer.isOk()) {
                acknowledged++;
                history.acknowledged(pchannel, answer.body().path("first").asLong(), entry.getKey());
            } else if (answer.effect().equals("none")) {
                history.refused(entry.getKey());
            } else {
                history.unknown(entry.getKey());
            }
        }
        return acknowledged;
    }
}
