package io.seawall.walkafka.port;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * All of them.
 *
 * @param producers makes lanes
 * @param cursors makes the cursors of openings and of writers, whose fetches return soon and run on {@link Platform#io}
 * @param readerCursors makes the cursors of readers, whose fetches may wait longer and run on the caller's thread
 * @param topics knows topics
 * @param trimmer deletes old records
 * @param flushOffsets shows how far logs are flushed
 * @param platform clocks and pools
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
     * Where things run.
     *
     * @param time clocks and timers
     * @param random nonces and jitter
     * @param workers runs mailboxes; nothing on it blocks but callers' code
     * @param io runs what may block: Kafka's calls that do, and making clients
     */
    public record Platform(Time time, RandomGenerator random, Workers workers, Executor io) {}
}
