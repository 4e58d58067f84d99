package io.seawall.walkafka.port;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The ports: everything that the protocol needs from Kafka and from the machine.
 *
 * @param producers creates the producers of lanes
 * @param cursors creates the cursors of openings and of writers, whose fetches return soon and run on {@link Platform#io}
 * @param readerCursors creates the cursors of readers, whose fetches may wait longer and run on the caller's thread
 * @param topics describes topics
 * @param trimmer deletes old records
 * @param flushOffsets publishes how far logs are flushed
 * @param platform clocks and executors
 */
public record Ports(
        LaneProducers producers,
        LogCursors cursors,
        LogCursors readerCursors,
        TopicAdmin topics,
        LogTrimmer trimmer,
        FlushOffsets flushOffsets,
        Platform platform) {

    /**
     * Clocks, randomness and executors.
     *
     * @param time clocks and timers
     * @param random makes nonces and jitter
     * @param workers runs mailboxes; only callers' code may block its threads
     * @param io runs calls that may block: those of Kafka's clients, and the creation of clients
     */
    public record Platform(Time time, RandomGenerator random, Workers workers, Executor io) {}
}
