package io.seawall.kafkasim;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Everything that belongs to one run. */
final class SimWorld {
    static final PChannel PCHANNEL = new PChannel("orders", 0);

    /** Returns small limits, so that a short run has lease rolls, snapshots and full caps. */
    private static WalSettings settings(WalSettings.Ack ack) {
        return new WalSettings(
                new WalSettings.Lease(Duration.ofMillis(200), Duration.ofMillis(200), 1_500, 4_000, 2_000),
                new WalSettings.Limits(2_500, 8_000, 1_000),
                new WalSettings.Timeouts(
                        Duration.ofSeconds(12),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300)),
                ack);
    }

    private final EventLoop loop = new EventLoop();
    private final Faults faults;
    private final Trace trace;
    private final SimKafka kafka;
    private SimPartition partition;
    private final Violations violations = new Violations();
    private TrueLog log;
    private SimHistory history;
    private final Watch watch;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<SimNode> everyNode = new ArrayList<>();
    private final WalSettings settings;
    private int nodesMade;
    private long trimmedBelow;

    SimWorld(Faults faults, boolean traced) {
        this.faults = faults;
        this.trace = new Trace(loop, traced);
        this.watch = new Watch(this);
        this.settings =
                settings(faults.random().nextInt(5) == 0 ? WalSettings.Ack.COMMITTED : WalSettings.Ack.REPLICATED);
        var shortIds = faults.random().nextInt(3) == 0;
        var options =
                new SimKafka.Options(20_000, shortIds ? 5 + faults.random().nextInt(20) : 32_766);
        this.kafka = new SimKafka(loop, faults, trace, watch, options);
        this.partition = kafka.createTopic(PCHANNEL);
        this.log = newLog(0);
        this.history = new SimHistory(log, violations);
    }

    private TrueLog newLog(long fromTerm) {
        return new TrueLog(partition, violations, fromTerm, settings.lease().uncommittedBytes());
    }

    /** Creates the topic again; records that owners below a term still write into it are not checked. */
    void recreateTopic(long fromTerm) {
        partition = kafka.createTopic(PCHANNEL);
        log = newLog(fromTerm);
        history = new SimHistory(log, violations);
        trimmedBelow = 0;
    }

    SimNode newNode() {
        var node = new SimNode(this, "n" + nodesMade++);
        nodes.add(node);
        everyNode.add(node);
        return node;
    }

    /** Records that a trim was requested. */
    void trimmed(long before) {
        trimmedBelow = Math.max(trimmedBelow, before);
    }

    /** Returns the highest LSN of a requested trim. */
    long trimmedBelow() {
        return trimmedBelow;
    }

    int resent() {
        return everyNode.stream().mapToInt(SimNode::resent).sum();
    }

    /** Returns the nodes that are not killed. */
    List<SimNode> nodes() {
        nodes.removeIf(node -> node.process().isKilled());
        return nodes;
    }

    WalSettings settings() {
        return settings;
    }

    EventLoop loop() {
        return loop;
    }

    Faults faults() {
        return faults;
    }

    Trace trace() {
        return trace;
    }

    SimKafka kafka() {
        return kafka;
    }

    SimPartition partition() {
        return partition;
    }

    Violations violations() {
        return violations;
    }

    TrueLog log() {
        return log;
    }

    SimHistory history() {
        return history;
    }

    Watch watch() {
        return watch;
    }
}
