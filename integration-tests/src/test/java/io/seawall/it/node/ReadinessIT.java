package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.kafkalocal.LocalKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a node reports that it, or its Kafka, cannot work. Starts its own brokers, regardless of {@code -Dkafka}. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class ReadinessIT {
    @TempDir
    private Path folder;

    @Test
    void isNotReadyWithoutAControllerAlthoughABrokerAnswersAndRefusesASecondNodeOnItsData() {
        // given: two brokers, so that one alone is no majority
        try (var kafka = LocalKafka.builder().brokers(2).start();
                var node = start("first", kafka)) {
            awaitReady(node, true);

            // when, then
            assertThatThrownBy(() -> start("second", kafka))
                    .hasMessageContaining("process " + node.pid())
                    .hasMessageContaining("data.dir");

            // when
            kafka.broker(1).kill();

            // then
            awaitReady(node, false);
            assertThat(check(node, "controller").path("ok").asBoolean(true)).isFalse();
            assertThat(check(node, "controller").path("detail").asText()).startsWith("has not answered for ");

            // when
            kafka.broker(1).start();

            // then
            awaitReady(node, true);
        }
    }

    private NodeProcess start(String id, LocalKafka kafka) {
        return NodeProcess.start(Spec.of(id, kafka.bootstrapServers(), folder.resolve("data"), "mode=manual"));
    }

    private static void awaitReady(NodeProcess node, boolean ready) {
        Awaitility.await("ready is " + ready)
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        node.api().get("/readyz?verbose").body().path("ready").asBoolean() == ready);
    }

    private static JsonNode check(NodeProcess node, String name) {
        return StreamSupport.stream(
                        node.api().get("/readyz?verbose").body().path("checks").spliterator(), false)
                .filter(check -> check.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
