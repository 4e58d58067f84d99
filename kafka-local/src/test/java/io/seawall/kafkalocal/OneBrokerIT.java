package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
@Tag("full")
class OneBrokerIT {
    private static final AtomicReference<@Nullable LocalKafka> STARTED = new AtomicReference<>();

    /** Starts from a thread that then ends: the kernel must not treat that as the death of the broker's parent. */
    @BeforeAll
    static void startFromAThreadThatEnds() throws InterruptedException {
        var starter = new Thread(() -> STARTED.set(LocalKafka.builder().start()), "short-lived");
        starter.start();
        starter.join();
    }

    @AfterAll
    static void close() {
        kafka().close();
    }

    @Test
    void keepsPortAndAcknowledgedRecordsOverKillAndStart() throws Exception {
        // given
        var broker = kafka().broker(0);
        try (var client = new TestClient(kafka().bootstrapServers())) {
            client.createTopic("killed", 1);
            client.produce("killed", "before");

            // when
            long first = broker.pid();
            broker.kill();
            assertThat(broker.isAlive()).isFalse();
            broker.start();

            // then
            client.produce("killed", "after");
            assertThat(broker.pid()).isNotEqualTo(first);
            assertThat(client.read("killed")).containsExactly("before", "after");
        }
    }

    @Test
    void stopsCleanly() throws Exception {
        // given
        var broker = kafka().broker(0);
        int before = Files.readString(broker.logFile()).length();

        // when
        broker.stop();

        // then
        try {
            assertThat(Files.readString(broker.logFile()).substring(before))
                    .contains("signal SIGTERM", "on Controller 0] shut down completely");
        } finally {
            broker.start();
        }
    }

    @Test
    void answersNothingWhilePausedAndEverythingWhenResumed() throws Exception {
        // given
        var broker = kafka().broker(0);
        try (var client = new TestClient(kafka().bootstrapServers())) {
            client.createTopic("paused", 1);
            client.produce("paused", "before");

            // when
            broker.pause();
            var sent = client.send("paused", "during");
            await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(5)).until(() -> !sent.isDone());
            broker.resume();

            // then
            sent.get(30, TimeUnit.SECONDS);
            assertThat(client.read("paused")).containsExactly("before", "during");
        }
    }

    @Test
    void reportsOnlyAnEndThatNoCallerRequested() {
        // given: an end that was asked for
        var broker = kafka().broker(0);
        broker.restart();
        assertThat(kafka().ended()).isNotDone();

        // when
        long pid = broker.pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        // then
        assertThat(kafka().ended())
                .succeedsWithin(Duration.ofSeconds(20))
                .asString()
                .contains("process " + pid, "status 137", broker.logFile().toString());
        kafka().restartEnded();
        assertThat(broker.isAlive()).isTrue();
        assertThat(kafka().ended()).as("the next end").isNotDone();
    }

    @Test
    void refusesToStartARunningBroker() {
        assertThatThrownBy(() -> kafka().broker(0).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it is running");
    }

    private static LocalKafka kafka() {
        var kafka = STARTED.get();
        if (kafka == null) {
            throw new IllegalStateException("The broker did not start");
        }
        return kafka;
    }
}
