package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SpawnerTest {
    @Test
    void aProcessOutlivesTheThreadThatStartedIt() throws Exception {
        try (var spawner = new Spawner()) {
            // given
            var asked = new FutureTask<>(() -> spawner.start(sleeper(spawner)));
            var asker = new Thread(asked, "asker");

            // when
            asker.start();
            asker.join();

            // then
            var process = asked.get();
            assertThat(process.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
            process.destroyForcibly();
        }
    }

    /**
     * The kernel's rule that this class is built around: the end of the forking thread counts as the death of the parent.
     */
    @Test
    void losesItsProcessesWithItsThread() throws Exception {
        // given
        var spawner = new Spawner();
        Assumptions.assumeFalse(spawner.prefix().isEmpty(), "no setpriv with --pdeathsig here");
        var process = spawner.start(sleeper(spawner));
        // Earlier, setpriv may not have set the signal yet.
        await().atMost(Duration.ofSeconds(10))
                .until(() -> process.info().command().orElse("").endsWith("sleep"));

        // when
        spawner.close();

        // then
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private static ProcessBuilder sleeper(Spawner spawner) {
        var words = new ArrayList<>(spawner.prefix());
        words.addAll(List.of("sleep", "30"));
        return new ProcessBuilder(words);
    }
}
