package io.seawall.node.cluster;

import static io.seawall.node.cluster.StubCluster.OTHER;
import static io.seawall.node.cluster.StubCluster.SELF;
import static io.seawall.node.cluster.StubCluster.node;
import static io.seawall.node.cluster.StubCluster.owned;
import static io.seawall.node.cluster.StubCluster.releasing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final PChannel LOG = new PChannel("orders", 0);
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofHours(1);

    private final StubCluster cluster = new StubCluster();
    private final ViewWaits waits = new ViewWaits(cluster::view);

    @BeforeEach
    void follow() {
        cluster.addListener(waits);
        cluster.read(node(SELF), owned(LOG, 7, SELF));
    }

    private Drain drain(Duration longest) {
        return new Drain(cluster, waits, longest, Duration.ofMillis(1));
    }

    /** Runs a drain in a thread of its own, and waits until it has announced itself. */
    private CompletableFuture<Void> start(Drain drain) {
        var running = CompletableFuture.runAsync(drain::run);
        await().atMost(BOUND).until(cluster::hasLeft);
        return running;
    }

    @Test
    void waitsUntilItHasNoLogAnyMore() {
        cluster.read(node(OTHER));
        var running = start(drain(LONG));

        cluster.read(releasing(LOG, 7, SELF));
        assertThat(running).as("not released yet").isNotDone();
        cluster.read(owned(LOG, 8, OTHER));

        assertThat(running).succeedsWithin(BOUND);
    }

    /** Nodes that have not read that the logs moved still send clients here. */
    @Test
    void goesOnServingForAMomentUnlessItIsHurried() {
        cluster.read(node(OTHER));
        var drain = new Drain(cluster, waits, LONG, LONG);
        var running = start(drain);

        cluster.read(owned(LOG, 8, OTHER));

        assertThat(running).isNotDone();
        drain.hurry();
        assertThat(running).succeedsWithin(BOUND);
    }

    @Test
    void endsAtOnceWithoutLogs() {
        cluster.read(node(OTHER), owned(LOG, 8, OTHER));

        assertThat(start(drain(LONG))).succeedsWithin(BOUND);
    }

    @Test
    void endsAtOnceIfItIsTheOnlyNode() {
        assertThat(start(drain(LONG))).succeedsWithin(BOUND);
    }

    @Test
    void endsAtOnceIfNoOtherNodeCouldTakeLogs() {
        cluster.read(
                new Node("n2", "n2-a", 0, "", true, Instant.EPOCH),
                node(new Owner("n3", "n3-a")),
                new Suspicion("n3", "n3-a", 0, "n1", Instant.EPOCH),
                node(new Owner("n4", "n4-a")),
                new MetaRecord.Drain("n4", false, "", Instant.EPOCH));

        assertThat(start(drain(LONG))).succeedsWithin(BOUND);
    }

    @Test
    void theCoordinatorDoesNotWaitForNodesThatAreGone() {
        cluster.read(node(OTHER));
        cluster.leads("n1", "n2");
        var running = start(drain(LONG));
        assertThat(running).isNotDone();

        cluster.leads("n1");

        assertThat(running).succeedsWithin(BOUND);
    }

    @Test
    void stopsWhenTheTimeIsOver() {
        cluster.read(node(OTHER));

        assertThat(start(drain(Duration.ofMillis(1)))).succeedsWithin(BOUND);
    }

    @Test
    void stopsWhenItIsHurried() {
        cluster.read(node(OTHER));
        var drain = drain(LONG);
        var running = start(drain);

        drain.hurry();

        assertThat(running).succeedsWithin(BOUND);
    }

    @Test
    void stopsWhenItsThreadIsInterruptedAndKeepsTheFlag() throws InterruptedException {
        cluster.read(node(OTHER));
        var flag = new AtomicReference<Boolean>();
        var thread = new Thread(() -> {
            drain(LONG).run();
            flag.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        await().atMost(BOUND).until(cluster::hasLeft);

        thread.interrupt();

        thread.join(BOUND.toMillis());
        assertThat(flag).hasValue(true);
    }
}
