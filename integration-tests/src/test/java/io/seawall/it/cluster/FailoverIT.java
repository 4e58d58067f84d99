package io.seawall.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that end in one way or another while each log has a writer: nothing acknowledged is lost or doubled, and the logs go on
 * elsewhere. Prints how long that took; {@code -Drounds=20} repeats each fault.
 */
@Timeout(value = 1_800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailoverIT {
    private static final int ROUNDS = Integer.getInteger("rounds", 1);
    private static final int LOGS = Integer.getInteger("logs", 64);
    /** Three brokers and three nodes on two cores take some 400 appends a second; above that, the machine is measured. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Duration MANY_PAUSE = Duration.ofMillis(Integer.getInteger("pause", 500));

    /** How long the load runs before anything is measured, as brokers and nodes begin in interpreted code. */
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("warmup", 5));

    private static final Duration SESSION = Duration.ofSeconds(6);

    /** The writers of a stopped node look elsewhere soon, so that what is measured is the cluster. */
    private static final FollowingWriter.Pace IMPATIENT = new FollowingWriter.Pace(PAUSE, Duration.ofMillis(250));

    private final Random random = new Random(Long.getLong("seed", 20261130L));

    @TempDir
    private Path folder;

    @Test
    @Tag("full")
    void theOwnerOfOneLogIsKilled() {
        try (var lab = ClusterLab.start(folder, 3)) {
            var logs = lab.createTopic("one", 1);
            try (var load = new ClusterLoad(lab, logs, Duration.ZERO)) {
                load.warmUp(WARM_UP);
                var others = new Pauses("kill -9 of the owner of one log, another node coordinates");
                var coordinators = new Pauses("kill -9 of the owner of one log, which coordinates");
                for (var round = 0; round < 2 * ROUNDS; round++) {
                    var wanted = round % 2 == 0 ? others : coordinators;
                    prepare(lab, load, logs.get(0), wanted == coordinators);
                    killTheOwner(lab, load, wanted);
                }
                System.out.println(others);
                System.out.println(coordinators);
                load.finish();
                load.judge();
            }
        }
    }

    /** Moves the log until its owner coordinates, or does not. */
    private static void prepare(ClusterLab lab, ClusterLoad load, PChannel log, boolean ownerCoordinates) {
        load.awaitProgress();
        var coordinator = lab.coordinator();
        var target = lab.ids().stream()
                .filter(id -> id.equals(coordinator) == ownerCoordinates)
                .findFirst()
                .orElseThrow();
        Operator.pin(lab, log, target);
        load.awaitProgress();
    }

    private void killTheOwner(ClusterLab lab, ClusterLoad load, Pauses pauses) {
        var writer = load.writers().get(0);
        var owner = Objects.requireNonNull(lab.owner(writer.pchannel()));
        settle();
        load.mark();
        var killedNanos = lab.kill(owner);
        load.awaitNewTerm(List.of(writer));
        pauses.add(Objects.requireNonNull(writer.firstOfANewTerm()).nanos() - killedNanos);
        lab.startNode(owner);
        lab.awaitMembers(3);
    }

    /** Kills at any moment of the periods in which nodes look at each other. */
    private void settle() {
        try {
            TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(500));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    @Tag("long")
    void aNodeWithManyLogsIsKilled() {
        try (var lab = ClusterLab.start(folder, 3)) {
            var logs = lab.createTopic("many", LOGS);
            lab.awaitBalanced(logs);
            try (var load = new ClusterLoad(lab, logs, MANY_PAUSE)) {
                load.warmUp(WARM_UP);
                var pauses = new Pauses("kill -9 of a node under " + LOGS + " writers, each of its logs");
                for (var round = 0; round < ROUNDS; round++) {
                    killANode(lab, load, logs, pauses);
                }
                System.out.println(pauses);
                load.finish();
                load.judge();
            }
        }
    }

    /** Kills the node with the most logs. They need not be balanced: a node that was killed several times is held back. */
    private void killANode(ClusterLab lab, ClusterLoad load, List<PChannel> logs, Pauses pauses) {
        lab.awaitOwned(logs);
        load.awaitProgress();
        settle();
        var owners = lab.owners(logs);
        var victim = lab.ids().stream()
                .max(Comparator.comparing(id -> Collections.frequency(owners.values(), id)))
                .orElseThrow();
        load.mark();
        var killedNanos = lab.kill(victim);
        var moved = load.writers().stream()
                .filter(writer -> victim.equals(owners.get(writer.pchannel())))
                .toList();
        assertThat(moved).isNotEmpty();
        load.awaitNewTerm(moved);
        moved.forEach(writer ->
                pauses.add(Objects.requireNonNull(writer.firstOfANewTerm()).nanos() - killedNanos));
        lab.startNode(victim);
        lab.awaitMembers(3);
    }

    @Test
    @Tag("long")
    void withoutHintsTheSessionHasToEnd() {
        try (var lab = ClusterLab.start(folder, 3, "cluster.hints=false")) {
            var logs = lab.createTopic("slow", 6);
            lab.awaitBalanced(logs);
            try (var load = new ClusterLoad(lab, logs, PAUSE)) {
                var pauses = new Pauses("kill -9 of a node without hints, each of its logs");
                for (var round = 0; round < ROUNDS; round++) {
                    killANode(lab, load, logs, pauses);
                }
                System.out.println(pauses);
                load.finish();
                load.judge();
                assertThat(pauses.median())
                        .as("the test is about hints that do not come")
                        .isGreaterThan(SESSION.toMillis() / 2);
            }
        }
    }

    @Test
    @Tag("long")
    void aNodeThatIsStoppedAndRevivedWritesNothing() {
        try (var lab = ClusterLab.start(folder, 3)) {
            var logs = lab.createTopic("zombie", 6);
            lab.awaitBalanced(logs);
            try (var load = new ClusterLoad(lab, logs, IMPATIENT)) {
                var pauses = new Pauses("SIGSTOP of a node, each of its logs");
                for (var round = 0; round < ROUNDS; round++) {
                    stopAndRevive(lab, load, logs, pauses);
                }
                System.out.println(pauses);
                load.finish();
                load.judge();
            }
        }
    }

    private void stopAndRevive(ClusterLab lab, ClusterLoad load, List<PChannel> logs, Pauses pauses) {
        load.awaitProgress();
        lab.awaitBalanced(logs);
        var coordinator = lab.coordinator();
        var owners = lab.owners(logs);
        load.mark();
        var stoppedNanos = System.nanoTime();
        lab.node(coordinator).pause();
        var moved = load.writers().stream()
                .filter(writer -> coordinator.equals(owners.get(writer.pchannel())))
                .toList();
        load.awaitNewTerm(moved);
        moved.forEach(writer ->
                pauses.add(Objects.requireNonNull(writer.firstOfANewTerm()).nanos() - stoppedNanos));
        lab.node(coordinator).resume();
        lab.awaitMembers(3);
        lab.awaitBalanced(logs);
    }

    @Test
    @Tag("long")
    void aDrainedNodeHandsItsLogsOver() {
        try (var lab = ClusterLab.start(folder, 3)) {
            var logs = lab.createTopic("drain", LOGS);
            lab.awaitBalanced(logs);
            try (var load = new ClusterLoad(lab, logs, MANY_PAUSE)) {
                load.warmUp(WARM_UP);
                var pauses = new Pauses("drain under " + LOGS
                        + " writers, longest time between two appends of each moved log, less the "
                        + MANY_PAUSE.toMillis() + " ms that its writer rests");
                for (var round = 0; round < ROUNDS; round++) {
                    lab.awaitBalanced(logs);
                    load.awaitProgress();
                    var node = lab.ids().get(random.nextInt(3));
                    var owners = lab.owners(logs);
                    load.mark();
                    Operator.drain(lab, node);
                    var moved = load.writers().stream()
                            .filter(writer -> node.equals(owners.get(writer.pchannel())))
                            .toList();
                    load.awaitNewTerm(moved);
                    moved.forEach(writer -> pauses.add(writer.longestPauseNanos() - MANY_PAUSE.toNanos()));
                    Operator.resume(lab, node);
                }
                System.out.println(pauses);
                load.finish();
                assertThat(load.failures()).isEmpty();
                load.judge();
            }
        }
    }

    @Test
    @Tag("long")
    void allNodesAreRestartedOneByOne() {
        try (var lab = ClusterLab.start(folder, 3)) {
            var logs = lab.createTopic("rolling", 12);
            lab.awaitBalanced(logs);
            try (var load = new ClusterLoad(lab, logs, PAUSE)) {
                var pauses = new Pauses("rolling restart, longest pause of each log");
                for (var round = 0; round < ROUNDS; round++) {
                    for (var id : lab.ids()) {
                        load.awaitProgress();
                        load.mark();
                        lab.stop(id);
                        lab.startNode(id);
                        lab.awaitMembers(3);
                        lab.awaitBalanced(logs);
                        load.awaitProgress();
                        load.writers().forEach(writer -> pauses.add(writer.longestPauseNanos()));
                    }
                }
                System.out.println(pauses);
                load.finish();
                assertThat(load.failures()).isEmpty();
                load.judge();
            }
        }
    }
}
