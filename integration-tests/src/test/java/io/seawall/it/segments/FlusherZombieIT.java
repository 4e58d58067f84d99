package io.seawall.it.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.Standstill;
import io.seawall.it.kit.TestKafka;
import io.seawall.it.s3.S3Server;
import io.seawall.it.s3.StoreFault;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two flushers of one log under load. One is stopped with SIGSTOP in a chosen phase and resumes after the other has
 * published: every LSN is in exactly one segment. The nodes take turns. {@code -Dtorture=20} stops 20 times in each phase on
 * each store.
 */
@SuppressWarnings("try") // the loads run by themselves
@Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class FlusherZombieIT {
    private static final long SEED = Long.getLong("seed", 20261128L);
    private static final int LAPS = Integer.getInteger("torture", 1);
    private static final int TRIES = 20;
    private static final Set<FlusherMoment> MOMENTS =
            EnumSet.of(FlusherMoment.SPOOL, FlusherMoment.SEALED, FlusherMoment.PUT, FlusherMoment.AFTER_PUT);
    private static final String PUT_DONE = "segment put";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static Gates gates;

    private final Random random = new Random(SEED);
    private final Map<FlusherMoment, Integer> stops = new EnumMap<>(FlusherMoment.class);
    private int lost;

    @BeforeAll
    static void start() throws IOException {
        kafka = TestKafka.start();
        gates = Gates.compile(Files.createTempDirectory(folder, "gates"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /**
     * A node and its name.
     *
     * @param id the name
     * @param process the node
     */
    private record Rival(String id, NodeProcess process) implements AutoCloseable {
        static Rival start(FlusherLab lab, String id, String... settings) {
            return new Rival(id, lab.start(id, settings));
        }

        /** Returns how many puts found a segment of the other node. */
        int lostPuts() {
            return puts("exists");
        }

        int puts(String result) {
            return (int) process.log()
                    .lines()
                    .filter(line -> line.contains(PUT_DONE) && line.contains(result))
                    .count();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aZombieThatFlushesLeavesEveryLsnInExactlyOneSegment(StoreUnderTest.Kind kind) throws IOException {
        var own = Files.createTempDirectory(folder, kind.name());
        try (var lab = new FlusherLab(kafka, kind.start(own, gates), gates, own);
                var one = Rival.start(lab, "one");
                var two = Rival.start(lab, "two")) {
            var acknowledged = 0;
            for (var lap = 0; lap < LAPS; lap++) {
                var pchannel = new PChannel("zombie-" + kind.name().toLowerCase(Locale.ROOT) + lap, 0);
                acknowledged += lap(lab, pchannel, one, two);
                System.out.println("seed " + SEED + ", " + kind + ": stops " + stops + ", " + lost
                        + " puts found another's segment, " + acknowledged + " acknowledged, each in one segment");
            }
            assertThat(stops.keySet()).isEqualTo(MOMENTS);
            assertThat(stops.values()).allMatch(count -> count == LAPS);
            assertThat(lost).as("lost puts of zombies").isGreaterThanOrEqualTo(2 * LAPS);
        }
    }

    private int lap(FlusherLab lab, PChannel pchannel, Rival one, Rival two) {
        var history = new History();
        assertThat(one.process().api().createTopic(pchannel.topic(), 1).isOk()).isTrue();
        FlusherLab.assign(one.process(), pchannel, 1);
        var owner = one;
        var other = two;
        var term = 1L;
        try (var ones = lab.load("one", pchannel, () -> one.process().url(), history);
                var twos = lab.load("two", pchannel, () -> two.process().url(), history)) {
            for (var moment : MOMENTS) {
                stopAt(moment, lab, pchannel, history, owner);
                term++;
                takeOver(moment, pchannel, history, owner, other, term);
                stops.merge(moment, 1, Integer::sum);
                var next = other;
                other = owner;
                owner = next;
            }
        }
        FlusherLab.flush(owner.process(), pchannel);
        assertThat(lab.violations(pchannel, history, owner.process()))
                .as("%s, seed %s", pchannel, SEED)
                .isEmpty();
        return history.acknowledgedCount();
    }

    private Standstill standstill = new Standstill() {
        @Override
        public void awaitStruck() {}

        @Override
        public void release() {}
    };

    /** Stops the owner in the phase; if it has moved past it, resumes it and tries again. */
    private void stopAt(FlusherMoment moment, FlusherLab lab, PChannel pchannel, History history, Rival owner) {
        for (var attempt = 0; attempt < TRIES; attempt++) {
            FlusherLab.awaitAcknowledged(history, 20 + random.nextInt(100));
            var scene = lab.scene(owner.process(), owner.id(), pchannel);
            standstill = moment.arm(scene);
            standstill.awaitStruck();
            owner.process().pause();
            if (moment.isMet(scene)) {
                return;
            }
            owner.process().resume();
            standstill.release();
        }
        throw new AssertionError("no stop met " + moment + " in " + TRIES + " tries");
    }

    /** The other node opens the next term and publishes; then the zombie resumes and completes what it was doing. */
    private void takeOver(
            FlusherMoment moment, PChannel pchannel, History history, Rival zombie, Rival other, long term) {
        var lostBefore = zombie.lostPuts();
        FlusherLab.assign(other.process(), pchannel, term);
        FlusherLab.awaitAcknowledged(history, 100);
        FlusherLab.flush(other.process(), pchannel);

        // Its put may continue before the zombie itself does.
        if (random.nextBoolean()) {
            standstill.release();
        }
        zombie.process().resume();
        standstill.release();
        if (moment == FlusherMoment.SEALED || moment == FlusherMoment.PUT) {
            Awaitility.await("the zombie finds the other node's segment in its place, " + moment)
                    .atMost(PATIENCE)
                    .until(() -> zombie.lostPuts() > lostBefore);
        }
        lost += zombie.lostPuts() - lostBefore;
        Awaitility.await("the zombie learns that it lost the log")
                .atMost(PATIENCE)
                .until(() -> !zombie.process()
                        .api()
                        .get("/v1/pchannels/" + pchannel)
                        .body()
                        .path("state")
                        .asText()
                        .equals("available"));
        FlusherLab.awaitAcknowledged(history, 50);
        FlusherLab.flush(other.process(), pchannel);
    }

    @Test
    void theSameTestGoesRedOnALocalStoreWithoutPutIfAbsent() throws IOException {
        var own = Files.createTempDirectory(folder, "broken");
        var broken = Gates.compileWithoutPutIfAbsent(Files.createTempDirectory(folder, "broken-gates"));
        try (var lab = new FlusherLab(kafka, StoreUnderTest.Kind.LOCAL.start(own, broken), broken, own)) {
            assertRed(FlusherMoment.PUT, lab, new PChannel("broken-local", 0), () -> {});
        }
    }

    @Test
    void theSameTestGoesRedOnS3WithoutPutIfAbsent() throws IOException {
        var own = Files.createTempDirectory(folder, "broken");
        var store = new StoreUnderTest.S3(S3Server.startOpen(own.resolve("s3")));
        try (var lab = new FlusherLab(kafka, store, gates, own)) {
            // Only after the nodes have probed the store, because they would reject it otherwise.
            assertRed(
                    FlusherMoment.SEALED,
                    lab,
                    new PChannel("broken-s3", 0),
                    () -> List.of("one", "two")
                            .forEach(id ->
                                    store.proxy(id).strike(new StoreFault.DropCondition(), Integer.MAX_VALUE, "PUT")));
        }
    }

    private void assertRed(FlusherMoment moment, FlusherLab lab, PChannel pchannel, Runnable breakStore) {
        // The second node closes a segment only when it is asked to. So its segment is longer than that of the zombie,
        // and does
        // harm when the zombie replaces it; two of the same length would be equal.
        try (var one = Rival.start(lab, "one");
                var two = Rival.start(lab, "two", "flush.bytes=64MiB", "flush.interval.ms=600000")) {
            breakStore.run();
            var history = new History();
            assertThat(one.process().api().createTopic(pchannel.topic(), 1).isOk())
                    .isTrue();
            FlusherLab.assign(one.process(), pchannel, 1);
            try (var ones = lab.load("one", pchannel, () -> one.process().url(), history);
                    var twos = lab.load("two", pchannel, () -> two.process().url(), history)) {
                stopAt(moment, lab, pchannel, history, one);
                var before = one.puts("published");
                FlusherLab.assign(two.process(), pchannel, 2);
                FlusherLab.awaitAcknowledged(history, 200);
                FlusherLab.flush(two.process(), pchannel);
                one.process().resume();
                standstill.release();
                Awaitility.await("the zombie believes that its put succeeded")
                        .atMost(PATIENCE)
                        .until(() -> one.puts("published") > before);
            }

            var wrong = lab.store().folder(pchannel).violations(history, pchannel);

            assertThat(wrong).as("violations").isNotEmpty();
            System.out.println(pchannel + " without put-if-absent: " + wrong.get(0));
        }
    }
}
