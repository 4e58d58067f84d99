package io.seawall.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many logs over three nodes: balance, the loss of a node, what rest costs, and how often logs move. */
@Timeout(value = 1_200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("long")
class ManyLogsIT {
    private static final int LOGS = Integer.getInteger("many", 60);
    private static final int CHANGES = Integer.getInteger("changes", 4);

    private final Random random = new Random(Long.getLong("seed", 20261130L));

    @TempDir
    private Path folder;

    @Test
    void theLossOfANodeSettles() {
        try (var lab = ClusterLab.start(folder, 3)) {
            var createdNanos = System.nanoTime();
            var logs = lab.createTopic("many", LOGS);
            System.out.println(LOGS + " logs open after " + millisSince(createdNanos) + " ms");
            lab.awaitBalanced(logs);
            printRest(lab);
            var victim = lab.ids().get(random.nextInt(3));
            var killedNanos = lab.kill(victim);
            lab.awaitBalanced(logs);
            System.out.println("one of three nodes killed, balanced again after " + millisSince(killedNanos) + " ms");
            assertThat(lab.owners(logs)).hasSize(LOGS);
        }
    }

    /** Prints what each node's process uses while nothing happens. */
    private static void printRest(ClusterLab lab) {
        var coordinator = lab.coordinator();
        pause(Duration.ofSeconds(5));
        var before = cpu(lab);
        var sinceNanos = System.nanoTime();
        pause(Duration.ofSeconds(20));
        var elapsedMs = millisSince(sinceNanos);
        cpu(lab).forEach((id, used) -> System.out.printf(
                "%s%s at rest: %.2f %% of a core%n",
                id,
                id.equals(coordinator) ? ", which coordinates," : "",
                100.0 * (used - before.getOrDefault(id, 0L)) / elapsedMs));
    }

    private static Map<String, Long> cpu(ClusterLab lab) {
        var used = new TreeMap<String, Long>();
        for (var id : lab.ids()) {
            var duration = ProcessHandle.of(lab.node(id).pid())
                    .flatMap(process -> process.info().totalCpuDuration());
            used.put(id, duration.orElseThrow().toMillis());
        }
        return used;
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /**
     * A node that joins n others needs a share of the logs, one that leaves gives its share away. No placement can do with fewer moves
     * than the sum of these shares.
     */
    @Test
    void joinsAndLeavesMoveNoMoreLogsThanTheyHaveTo() {
        try (var lab = ClusterLab.start(folder, 2)) {
            var logs = lab.createTopic("moves", 24);
            lab.awaitBalanced(logs);
            long moves = 0;
            long least = 0;
            for (var change = 0; change < CHANGES; change++) {
                var before = lab.owners(logs);
                least += change(lab, before);
                lab.awaitBalanced(logs);
                var after = lab.owners(logs);
                moves += logs.stream()
                        .filter(log -> !Objects.equals(after.get(log), before.get(log)))
                        .count();
            }
            System.out.println(CHANGES + " joins and leaves: " + moves + " logs are elsewhere, at least " + least
                    + " had to be; terms given out: " + terms(lab, logs));
            assertThat(moves).isLessThanOrEqualTo(least + CHANGES);
        }
    }

    /** Lets a node join or leave; returns how many logs have to move at least. */
    private long change(ClusterLab lab, Map<PChannel, String> owners) {
        var running = lab.ids();
        if (running.size() == 4 || (running.size() > 1 && random.nextBoolean())) {
            var leaving = running.get(random.nextInt(running.size()));
            lab.stop(leaving);
            return owners.values().stream().filter(leaving::equals).count();
        }
        for (var number = 1; ; number++) {
            if (!running.contains("n" + number)) {
                lab.startNode("n" + number);
                return owners.size() / (running.size() + 1);
            }
        }
    }

    private static String terms(ClusterLab lab, List<PChannel> logs) {
        var terms = logs.stream()
                .map(log -> lab.api()
                        .get("/v1/pchannels/" + log)
                        .body()
                        .path("term")
                        .asLong())
                .collect(Collectors.summarizingLong(term -> term));
        return terms.getSum() + " in sum";
    }
}
