package io.seawall.it.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.RawPartition;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills a node with SIGKILL in each phase of flushing, under load, many times: every acknowledged record is in exactly one
 * segment, as checked by a reader that shares no code with the product. {@code -Dtorture=20} kills 20 times in each phase on
 * each store.
 */
@SuppressWarnings("try") // the load runs by itself
@Timeout(value = 120, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class FlusherCrashIT {
    private static final long SEED = Long.getLong("seed", 20261128L);
    private static final int LAPS = Integer.getInteger("torture", 1);
    private static final int TRIES = 20;
    private static final String NODE = "writer";

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static Gates gates;

    private final AtomicReference<NodeProcess> node = new AtomicReference<>();
    private final Map<FlusherMoment, Integer> kills = new EnumMap<>(FlusherMoment.class);
    private final Random random = new Random(SEED);

    @BeforeAll
    static void start() throws IOException {
        kafka = TestKafka.start();
        gates = Gates.compile(Files.createTempDirectory(folder, "gates"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private NodeProcess node() {
        return Objects.requireNonNull(node.get());
    }

    @ParameterizedTest
    @EnumSource
    void aNodeKilledInAnyPhaseLeavesEveryLsnInExactlyOneSegment(StoreUnderTest.Kind kind) throws IOException {
        var own = Files.createTempDirectory(folder, kind.name());
        try (var lab = new FlusherLab(kafka, kind.start(own, gates), gates, own)) {
            node.set(lab.start(NODE));
            var acknowledged = 0;
            for (var lap = 0; lap < LAPS; lap++) {
                acknowledged += lap(lab, new PChannel("crash-" + kind.name().toLowerCase(Locale.ROOT) + lap, 0));
                System.out.println("seed " + SEED + ", " + kind + ": kills " + kills + ", " + acknowledged
                        + " acknowledged, each in one segment");
            }
            assertThat(kills).as("kills in each phase").hasSize(FlusherMoment.values().length);
            assertThat(kills.values()).allMatch(count -> count == LAPS);
        } finally {
            node().close();
        }
    }

    /** Tests one log, with a kill in each phase; returns the number of records that were checked. */
    private int lap(FlusherLab lab, PChannel pchannel) {
        var history = new History();
        var term = 1L;
        assertThat(node().api().createTopic(pchannel.topic(), 1).isOk()).isTrue();
        FlusherLab.assign(node(), pchannel, term);
        try (var unused = lab.load("", pchannel, () -> node().url(), history)) {
            for (var moment : shuffled()) {
                term = killAt(moment, lab, pchannel, history, term);
                kills.merge(moment, 1, Integer::sum);
            }
        }
        FlusherLab.flush(node(), pchannel);
        assertThat(lab.violations(pchannel, history, node()))
                .as("%s, seed %s", pchannel, SEED)
                .isEmpty();
        assertThat(RawPartition.read(kafka.bootstrapServers(), kafka.prefix(), pchannel, "read_committed"))
                .as("records still in Kafka: the others are in segments only")
                .first()
                .matches(record -> record.offset() > 0);
        return history.acknowledgedCount();
    }

    private List<FlusherMoment> shuffled() {
        var moments = new ArrayList<>(List.of(FlusherMoment.values()));
        Collections.shuffle(moments, random);
        return moments;
    }

    /** Kills the node at a moment; returns the term of the node that runs afterwards. */
    private long killAt(FlusherMoment moment, FlusherLab lab, PChannel pchannel, History history, long before) {
        var term = before;
        for (var attempt = 0; attempt < TRIES; attempt++) {
            FlusherLab.awaitAcknowledged(history, 20 + random.nextInt(100));
            var scene = lab.scene(node(), NODE, pchannel);
            var standstill = moment.arm(scene);
            standstill.awaitStruck();
            node().kill();
            var met = moment.isMet(scene);
            // A put in flight may reach the store before the next owner lists it, or long after that owner has
            // continued.
            var late = random.nextBoolean();
            if (!late) {
                standstill.release();
            }
            node.set(lab.start(NODE));
            FlusherLab.assign(node(), pchannel, ++term);
            FlusherLab.awaitAcknowledged(history, 50);
            FlusherLab.flush(node(), pchannel);
            standstill.release();
            if (met) {
                return term;
            }
        }
        throw new AssertionError("no kill met " + moment + " in " + TRIES + " tries");
    }
}
