package io.seawall.walkafka.internal.open;

import io.seawall.walkafka.internal.scan.LsnIndexes;
import io.seawall.walkafka.internal.scan.Owners;
import io.seawall.walkafka.port.LaneProducers;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.port.TopicAdmin;
import io.seawall.walkafka.port.Workers;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The settings, ports and memory that all logs of a process share.
 *
 * @param settings how logs are written
 * @param node the identity of this process
 * @param strictTopics whether a topic with unsafe settings is refused
 * @param ports the access to Kafka, time and threads
 * @param flushOffsetCounts counts flush positions that could not be committed
 * @param indexes the positions of records that earlier searches found
 * @param owners the offsets of records that owners in this process wrote
 * @param leads how far the timestamps of logs are ahead of the clock
 * @param pace when leases roll
 */
public record WalContext(
        WalSettings settings,
        NodeIdentity node,
        boolean strictTopics,
        Ports ports,
        FlushOffsetCounts flushOffsetCounts,
        LsnIndexes indexes,
        Owners owners,
        TimestampLeads leads,
        RollPace pace) {
    /** Starts with nothing known of any log. */
    public WalContext(WalSettings settings, NodeIdentity node, boolean strictTopics, Ports ports) {
        this(
                settings,
                node,
                strictTopics,
                ports,
                new FlushOffsetCounts(),
                new LsnIndexes(),
                new Owners(),
                new TimestampLeads(),
                new RollPace(settings.lease()));
    }

    LaneProducers producers() {
        return ports.producers();
    }

    public LogCursors cursors() {
        return ports.cursors();
    }

    public TopicAdmin topics() {
        return ports.topics();
    }

    public Time time() {
        return ports.platform().time();
    }

    public RandomGenerator random() {
        return ports.platform().random();
    }

    public Workers workers() {
        return ports.platform().workers();
    }

    public Executor io() {
        return ports.platform().io();
    }

    /** Returns a random text of 16 hexadecimal digits. */
    String nonce() {
        return String.format("%016x", random().nextLong());
    }
}
