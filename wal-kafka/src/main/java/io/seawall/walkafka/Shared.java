package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneProducers;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.port.TopicAdmin;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all logs of a node share.
 *
 * @param settings how logs are written
 * @param node who writes
 * @param strictTopics whether a topic with unsafe settings is refused
 * @param ports what stands between the protocol and Kafka
 */
record Shared(WalSettings settings, NodeIdentity node, boolean strictTopics, Ports ports) {
    LaneProducers producers() {
        return ports.producers();
    }

    LogCursors cursors() {
        return ports.cursors();
    }

    TopicAdmin topics() {
        return ports.topics();
    }

    Time time() {
        return ports.platform().time();
    }

    RandomGenerator random() {
        return ports.platform().random();
    }

    Executor workers() {
        return ports.platform().workers();
    }

    Executor io() {
        return ports.platform().io();
    }

    /** 16 hexadecimal digits. */
    String nonce() {
        return String.format("%016x", random().nextLong());
    }
}
