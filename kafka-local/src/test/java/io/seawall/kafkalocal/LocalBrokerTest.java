package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code sleep} in place of a broker. */
class LocalBrokerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int RUNS = 200;

    private final List<String> unexpected = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    /** A thread of the JDK reports the end of a run, often after the next run has begun. */
    @Test
    void reportsNoRequestedEndEvenIfTheNextRunHasBegun() {
        try (var spawner = new Spawner()) {
            var broker = broker(spawner);

            // when
            for (int run = 0; run < RUNS; run++) {
                broker.launch();
                if (run % 2 == 0) {
                    broker.kill();
                } else {
                    broker.stop();
                }
            }
            broker.launch();
            long last = broker.pid();
            ProcessHandle.of(last).orElseThrow().destroyForcibly();

            // then: the last end, which no caller requested, is the only one that is reported
            await().atMost(TIMEOUT).until(() -> !unexpected.isEmpty());
            assertThat(unexpected).singleElement().asString().contains("process " + last, "status 137");
        }
    }

    private LocalBroker broker(Spawner spawner) {
        var log = new BrokerLog(folder.resolve("broker.log"));
        var result = new LocalBroker(
                0, new BrokerAddress(1, 2, null), new ProcessBuilder("sleep", "30"), log, spawner, TIMEOUT);
        result.onUnexpectedEnd(unexpected::add);
        return result;
    }
}
