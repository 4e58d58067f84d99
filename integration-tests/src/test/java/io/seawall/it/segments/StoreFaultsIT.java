package io.seawall.it.segments;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.TestKafka;
import io.seawall.it.s3.StoreFault;
import io.seawall.it.s3.StoreFaultProxy;
import io.seawall.it.segments.StoreUnderTest.Kind;
import io.seawall.it.segments.StoreUnderTest.S3;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node whose store or spool fails while it is written to: appends continue, the status and the log describe the failure,
 * flushing resumes by itself, and afterwards every acknowledged record is in exactly one segment. There is one node for each
 * store; each fault has its own log there.
 */
@SuppressWarnings("try") // the load runs by itself
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class StoreFaultsIT {
    private static final String NODE = "node";
    private static final String FAILED = "flushing failed and will be retried";
    private static final String NO_SPACE = "No space left on device";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static final Map<Kind, FaultyNode> NODES = new EnumMap<>(Kind.class);

    /**
     * A node, and what a test can do to it.
     *
     * @param lab where it runs
     * @param node the node
     * @param target the disk of its local store
     * @param spool the disk of its spool
     */
    private record FaultyNode(FlusherLab lab, NodeProcess node, SmallDisk target, SmallDisk spool) {
        static FaultyNode start(Kind kind, Gates gates) throws IOException {
            var own = Files.createTempDirectory(folder, kind.name());
            var target = SmallDisk.mount(own.resolve("segments"));
            var lab = new FlusherLab(kafka, kind.start(own, gates), gates, own);
            var spool = SmallDisk.mount(lab.spool(NODE));
            var node = lab.start(NODE, "s3.attempt.timeout.ms=1000", "s3.timeout.ms=2000");
            return new FaultyNode(lab, node, target, spool);
        }

        S3 s3() {
            return (S3) lab.store();
        }

        StoreFaultProxy proxy() {
            return s3().proxy(NODE);
        }

        PChannel opened(String topic) {
            var pchannel = new PChannel(topic, 0);
            assertThat(node.api().createTopic(topic, 1).isOk()).isTrue();
            FlusherLab.assign(node, pchannel, 1);
            return pchannel;
        }

        JsonNode status(PChannel pchannel) {
            return node.api().get("/v1/pchannels/" + pchannel).body();
        }

        String flushError(PChannel pchannel) {
            return status(pchannel).path("flush").path("error").asText();
        }

        void close() {
            node.close();
            lab.close();
            spool.close();
            target.close();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        kafka = TestKafka.start();
        var gates = Gates.compile(Files.createTempDirectory(folder, "gates"));
        for (var kind : Kind.values()) {
            NODES.put(kind, FaultyNode.start(kind, gates));
        }
    }

    @AfterAll
    static void stop() {
        NODES.values().forEach(FaultyNode::close);
        kafka.close();
    }

    private static FaultyNode on(Kind kind) {
        return Objects.requireNonNull(NODES.get(kind));
    }

    /**
     * A temporary failure.
     *
     * @param begin starts it
     * @param isFelt returns whether it has had an effect by now
     * @param end ends it; may be called more than once
     */
    private record Trouble(Runnable begin, BooleanSupplier isFelt, Runnable end) {}

    /** Returns a trouble that the status must report. */
    private static Trouble told(FaultyNode node, PChannel pchannel, Runnable begin, Pattern error, Runnable end) {
        return new Trouble(begin, () -> error.matcher(node.flushError(pchannel)).find(), end);
    }

    /** Returns a trouble that the store's client must survive by itself; the proxy counts it. */
    private static Trouble struck(FaultyNode node, PChannel pchannel, StoreFault fault, int times) {
        var strikes = new ArrayList<StoreFaultProxy.Strike>();
        return new Trouble(
                () -> strikes.add(node.proxy().strike(fault, times, S3.putOf(pchannel))),
                () -> strikes.get(0).count() >= times,
                node.proxy()::heal);
    }

    /** Returns the pattern of the error that must be reported for a segment of the pchannel in the store. */
    private static Pattern segmentOf(PChannel pchannel, String problem) {
        return Pattern.compile("put the segment \\S*/" + pchannel.topic() + "/0/\\d{20}\\.avro.*" + problem);
    }

    private static void survives(FaultyNode faulty, PChannel pchannel, Trouble trouble) {
        var history = new History();
        var node = faulty.node();
        try (var unused = faulty.lab().load("", pchannel, node::url, history)) {
            FlusherLab.awaitAcknowledged(history, 50);
            FlusherLab.flush(node, pchannel);

            trouble.begin().run();
            Awaitility.await("the fault has an effect").atMost(PATIENCE).until(trouble.isFelt()::getAsBoolean);
            FlusherLab.awaitAcknowledged(history, 200);
            trouble.end().run();

            var target = history.acknowledgedCount();
            Awaitility.await("flushing resumes by itself")
                    .atMost(PATIENCE)
                    .until(() -> faulty.status(pchannel).path("flushed").asLong() >= target);
        } finally {
            trouble.end().run();
        }
        assertThat(history.refusedCount() + history.unknownCount())
                .as("failed appends")
                .isZero();
        FlusherLab.flush(node, pchannel);
        assertThat(faulty.lab().violations(pchannel, history, node)).isEmpty();
        assertThat(faulty.flushError(pchannel)).as("error after the recovery").isIn("", "null");
    }

    /** The client waits so long after throttling that the timeout ends first, and then the timeout is reported. */
    @ParameterizedTest
    @CsvSource({"500, InternalError, InternalError", "503, SlowDown, ''", "403, AccessDenied, AccessDenied"})
    void aStoreThatRefuses(int status, String code, String told) {
        var node = on(Kind.S3);
        var pchannel = node.opened("refuses-" + status);
        survives(
                node,
                pchannel,
                told(
                        node,
                        pchannel,
                        () -> node.proxy()
                                .strike(new StoreFault.Answer(status, code), Integer.MAX_VALUE, request -> true),
                        segmentOf(pchannel, told),
                        node.proxy()::heal));
        assertThat(node.node().log()).contains(FAILED);
    }

    @Test
    void aStoreThatIsKilledAndComesBack() {
        var node = on(Kind.S3);
        var pchannel = node.opened("killed");
        var server = node.s3().server();
        survives(
                node, pchannel, told(node, pchannel, server::kill, segmentOf(pchannel, ""), new Once(server::restart)));
    }

    @Test
    void aStoreThatStandsStill() {
        var node = on(Kind.S3);
        var pchannel = node.opened("paused");
        var server = node.s3().server();
        survives(
                node, pchannel, told(node, pchannel, server::pause, segmentOf(pchannel, ""), new Once(server::resume)));
    }

    @Test
    void answersThatAreLostAfterThePutSucceeded() {
        var node = on(Kind.S3);
        var pchannel = node.opened("lost-answers");
        survives(node, pchannel, struck(node, pchannel, new StoreFault.LoseAnswer(), 8));
    }

    @Test
    void aSlowStore() {
        var node = on(Kind.S3);
        var pchannel = node.opened("slow");
        survives(node, pchannel, struck(node, pchannel, new StoreFault.Delay(Duration.ofMillis(700)), 6));
    }

    @Test
    void aFullTargetDisk() {
        var node = on(Kind.LOCAL);
        var pchannel = node.opened("full-target");
        var disk = node.target();
        survives(node, pchannel, told(node, pchannel, disk::fill, segmentOf(pchannel, NO_SPACE), new Once(disk::free)));
    }

    @Test
    void aTargetThatMayNotBeWritten() {
        var node = on(Kind.LOCAL);
        var pchannel = node.opened("read-only");
        var disk = node.target();
        survives(
                node,
                pchannel,
                told(
                        node,
                        pchannel,
                        disk::forbidWrites,
                        segmentOf(pchannel, "Read-only file system"),
                        new Once(disk::allowWrites)));
    }

    @ParameterizedTest
    @EnumSource
    void aFullSpoolDisk(Kind kind) {
        var node = on(kind);
        var pchannel = node.opened("full-spool-" + name(kind));
        var disk = node.spool();
        survives(
                node,
                pchannel,
                told(node, pchannel, disk::fill, Pattern.compile(pchannel + ".*" + NO_SPACE), new Once(disk::free)));
    }

    /** Ends a trouble once, no matter how often it is called. */
    private static final class Once implements Runnable {
        private final Runnable action;
        private boolean done;

        Once(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            if (!done) {
                done = true;
                action.run();
            }
        }
    }

    /** The damage to an object. */
    enum Damage {
        TRUNCATED,
        FLIPPED;

        byte[] of(byte[] whole) {
            if (this == TRUNCATED) {
                return Arrays.copyOf(whole, whole.length - 100);
            }
            var flipped = whole.clone();
            flipped[whole.length - 100] ^= 0x10;
            return flipped;
        }
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @CsvSource({"LOCAL, TRUNCATED", "LOCAL, FLIPPED", "S3, TRUNCATED", "S3, FLIPPED"})
    void aDamagedSegmentIsReportedByNameAndFlushingGoesOnBehindIt(Kind kind, Damage damage) throws IOException {
        var faulty = on(kind);
        var node = faulty.node();
        var pchannel = faulty.opened(name(kind) + "-" + damage.name().toLowerCase(Locale.ROOT));
        var history = new History();
        try (var unused = faulty.lab().load("", pchannel, node::url, history)) {
            for (var part = 0; part < 3; part++) {
                FlusherLab.awaitAcknowledged(history, 50);
                FlusherLab.flush(node, pchannel);
            }
            var damaged = faulty.lab().store().folder(pchannel).segments().get(1);
            var whole = Files.readAllBytes(damaged);
            Files.write(damaged, damage.of(whole));

            var verified = node.api().post("/v1/pchannels/" + pchannel + "/segments/verify");

            assertThat(verified.body().path("ok").asBoolean(true))
                    .as("%s", verified)
                    .isFalse();
            assertThat(verified.body().path("errors").toString())
                    .contains(pchannel.topic() + "/0/" + damaged.getFileName());
            assertNotServed(node, pchannel, damaged);
            FlusherLab.awaitAcknowledged(history, 50);
            FlusherLab.flush(node, pchannel);
            Files.write(damaged, whole);
        }
        FlusherLab.flush(node, pchannel);
        assertThat(faulty.lab().violations(pchannel, history, node)).isEmpty();
    }

    /** Trims Kafka first, because a node rightly serves records that Kafka still has. */
    private static void assertNotServed(NodeProcess node, PChannel pchannel, Path damaged) {
        var first = Long.parseLong(damaged.getFileName().toString().substring(0, 20));
        var path = "/v1/pchannels/" + pchannel;
        var flushed = FlusherLab.flush(node, pchannel);
        // The flusher trims as well; a trim that another one overtakes fails with UNAVAILABLE and has to be repeated.
        Awaitility.await("trimmed")
                .atMost(PATIENCE)
                .until(() -> node.api()
                        .post(path + "/trim", "application/json", "{\"before\":" + flushed + "}")
                        .isOk());

        var read = node.api().get(path + "/records?limit=1&from=" + first);

        assertThat(read.code()).as("%s", read).isEqualTo("DATA_LOSS");
        assertThat(read.body().toString()).contains(pchannel.topic() + "/0/" + damaged.getFileName());
        var before = node.api().get(path + "/records?limit=1&from=" + (first - 1));
        assertThat(before.isOk()).as("the one before it is intact: %s", before).isTrue();
    }

    /** The header of the last segment states where flushing continues, so flushing depends on that segment. */
    @ParameterizedTest
    @EnumSource
    void aLastSegmentThatWasCutHoldsUpFlushingByNameAndAppendsGoOn(Kind kind) throws IOException {
        var faulty = on(kind);
        var node = faulty.node();
        var pchannel = faulty.opened("last-" + name(kind));
        var history = new History();
        try (var unused = faulty.lab().load("", pchannel, node::url, history)) {
            FlusherLab.awaitAcknowledged(history, 50);
        }
        FlusherLab.flush(node, pchannel);
        var segments = faulty.lab().store().folder(pchannel).segments();
        var damaged = segments.get(segments.size() - 1);
        var whole = Files.readAllBytes(damaged);
        Files.write(damaged, Damage.TRUNCATED.of(whole));

        FlusherLab.assign(node, pchannel, 2);
        var more = node.api().append(pchannel, "more".getBytes(UTF_8)).join();

        assertThat(more.isOk()).as("%s", more).isTrue();
        history.acknowledged(pchannel, more.body().path("first").asLong(), "more");
        Awaitility.await("the status names the object")
                .atMost(PATIENCE)
                .until(() -> faulty.flushError(pchannel).contains(pchannel.topic() + "/0/" + damaged.getFileName()));
        assertThat(faulty.lab().store().folder(pchannel).segments()).hasSameSizeAs(segments);
        Files.write(damaged, whole);
        FlusherLab.flush(node, pchannel);
        assertThat(faulty.lab().violations(pchannel, history, node)).isEmpty();
    }
}
