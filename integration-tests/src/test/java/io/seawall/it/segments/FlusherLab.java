package io.seawall.it.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.it.kit.Load;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.it.segments.FlusherMoment.Scene;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Nodes with gates in their flushers on one store, and the common steps of the flusher tests. Used by one thread. */
final class FlusherLab implements AutoCloseable {
    /** Long enough that segments are sealed by size several times per second under {@link #PER_SECOND}. */
    static final String PADDING = "padding ".repeat(60);

    static final int PER_SECOND = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestKafka kafka;
    private final StoreUnderTest store;
    private final Gates gates;
    private final Path folder;

    FlusherLab(TestKafka kafka, StoreUnderTest store, Gates gates, Path folder) {
        this.kafka = kafka;
        this.store = store;
        this.gates = gates;
        this.folder = folder;
    }

    StoreUnderTest store() {
        return store;
    }

    NodeProcess start(String id, String... settings) {
        var all = new ArrayList<>(List.of(
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "wal.roll.ms=100",
                "flush.bytes=64KiB",
                "flush.interval.ms=1000",
                "trim.retain.bytes=0",
                "spool.dir=" + spool(id)));
        all.addAll(store.nodeSettings(id));
        all.addAll(List.of(settings));
        return NodeProcess.start(new Spec(id, kafka.bootstrapServers(), folder.resolve(id), all, "")
                .withClassPathFirst(gates.classes()));
    }

    Path spool(String id) {
        return folder.resolve("spool-" + id);
    }

    Scene scene(NodeProcess node, String id, PChannel pchannel) {
        return new Scene(node, id, pchannel, store, gates, spool(id));
    }

    /** Appends unique values at a steady rate, for as long as a lap takes. */
    Load load(String name, PChannel pchannel, Supplier<String> url, History history) {
        return new Load(name + PADDING, Duration.ofMinutes(15), List.of(pchannel), PER_SECOND, url, history);
    }

    static void assign(NodeProcess node, PChannel pchannel, long term) {
        assertThat(node.api().assign(pchannel, term))
                .as("%s at term %s", pchannel, term)
                .matches(answer -> answer.status() == 200);
    }

    static void awaitAcknowledged(History history, int more) {
        var before = history.acknowledgedCount();
        Awaitility.await(more + " more acknowledged")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> history.acknowledgedCount() >= before + more);
    }

    /** Flushes, so that all records acknowledged before are in segments. */
    static long flush(NodeProcess node, PChannel pchannel) {
        var answer = node.api().post("/v1/pchannels/" + pchannel + "/flush");
        assertThat(answer.isOk()).as("flush: %s%n%s", answer, node.log()).isTrue();
        return answer.body().path("flushed").asLong();
    }

    /** Returns the errors in the segments: according to plain Avro and the history, and to the node's own verification. */
    List<String> violations(PChannel pchannel, History history, NodeProcess node) {
        var wrong = new ArrayList<>(store.folder(pchannel).violations(history, pchannel));
        var verified = node.api().post("/v1/pchannels/" + pchannel + "/segments/verify");
        if (!verified.body().path("ok").asBoolean()) {
            wrong.add("verify: " + verified);
        }
        // The same records read through the node: from segments as far as Kafka is trimmed, and then from Kafka.
        history.violations(pchannel, node.api().entries(pchannel, "live"))
                .forEach(read -> wrong.add("read through the node: " + read));
        return wrong;
    }

    @Override
    public void close() {
        store.close();
    }
}
