package io.seawall.walkafka;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all logs of a node share: the ports and the pools.
 *
 * @param settings how logs are written
 * @param node who writes
 * @param producers makes lanes
 * @param cursors makes the cursors of openings, whose fetches return soon
 * @param topics knows topics
 * @param platform clocks and pools
 */
record Shared(
        WalSettings settings,
        NodeIdentity node,
        LaneProducers producers,
        LogCursors cursors,
        TopicAdmin topics,
        Platform platform) {

    /**
     * Where things run.
     *
     * @param time clocks and timers
     * @param random nonces and jitter
     * @param workers runs mailboxes; nothing on it blocks
     * @param io runs Kafka's blocking calls
     */
    record Platform(Time time, RandomGenerator random, Executor workers, Executor io) {}

    Time time() {
        return platform.time();
    }

    Executor workers() {
        return platform.workers();
    }

    Executor io() {
        return platform.io();
    }

    /** 16 hexadecimal digits. */
    String nonce() {
        return String.format("%016x", platform.random().nextLong());
    }
}
