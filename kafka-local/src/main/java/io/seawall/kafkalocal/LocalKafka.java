package io.seawall.kafkalocal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * A cluster of real Kafka brokers. Each is a process on this machine that listens on 127.0.0.1 only, as broker and controller.
 * No broker outlives this JVM, however the JVM ends. Thread-safe.
 */
public final class LocalKafka implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

    private final List<LocalBroker> brokers;
    private final DataDir data;
    private final DirectoryLock lock;
    private final Spawner spawner;

    /** Completes with the next end that no caller requested. Replaced by {@link #restartEnded}, read by any thread. */
    private volatile CompletableFuture<String> ended = new CompletableFuture<>();

    LocalKafka(List<LocalBroker> brokers, DataDir data, DirectoryLock lock, Spawner spawner) {
        this.brokers = List.copyOf(brokers);
        this.data = data;
        this.lock = lock;
        this.spawner = spawner;
        brokers.forEach(broker -> broker.onUnexpectedEnd(sentence -> ended.complete(sentence)));
    }

    /** Returns a builder with one broker, free ports, and data in a new directory that is deleted at the end. */
    public static LocalKafkaBuilder builder() {
        return new LocalKafkaBuilder();
    }

    /** Returns the addresses of all brokers, dead ones included, in the form of Kafka's {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return brokers.stream()
                .map(broker -> BrokerAddress.HOST + ":" + broker.port())
                .collect(Collectors.joining(","));
    }

    /** Returns all brokers, by node id from 0 on. */
    public List<LocalBroker> brokers() {
        return brokers;
    }

    /**
     * Returns one broker.
     *
     * @param id its node id: 0 for the first, as clients see it in a partition's leader
     * @throws IndexOutOfBoundsException if there is no broker of that id
     */
    public LocalBroker broker(int id) {
        return brokers.get(id);
    }

    /**
     * Returns a future that completes, with a sentence for people, when a broker's process ends although nothing here ended it.
     * Dependent stages run on a thread of the JDK. It completes once; after {@link #restartEnded} this method returns another one.
     */
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    /**
     * Starts the brokers again that have ended, with their data and on their ports, and waits for them. Called by one thread at a
     * time, after {@link #ended} has completed.
     *
     * @throws IllegalStateException if the cluster is closed
     * @throws LocalKafkaException if one does not start; the message ends with its log
     */
    public void restartEnded() {
        ended = new CompletableFuture<>(); // before the start, because a broker may end at once
        brokers.stream().filter(broker -> !broker.isAlive()).forEach(LocalBroker::start);
    }

    /** Starts all brokers and waits for them, with one timeout for all. */
    void start(Duration timeout) {
        var deadline = Deadline.in(timeout);
        brokers.forEach(LocalBroker::launch);
        brokers.forEach(broker -> broker.awaitReady(deadline));
    }

    /** Kills all brokers at once. */
    void killAll() {
        brokers.forEach(LocalBroker::kill);
    }

    /**
     * Stops all brokers, paused ones too, and waits for their end. If the data is kept they are stopped cleanly, and killed
     * after 15 s; otherwise they are killed at once. Then deletes the data unless it is kept. A second call does nothing.
     *
     * @throws LocalKafkaException if the data cannot be deleted
     */
    @Override
    public void close() {
        brokers.forEach(LocalBroker::refuseStarts);
        if (data.keep()) {
            // All at the same time: the last broker finds no quorum to hand over to in any case.
            var deadline = Deadline.in(CLOSE_TIMEOUT);
            brokers.forEach(LocalBroker::terminate);
            brokers.forEach(broker -> broker.awaitEnd(deadline));
        }
        killAll();
        spawner.close();
        try (lock) {
            data.discard();
        } catch (IOException e) {
            throw new LocalKafkaException("Cannot delete the data of the local Kafka cluster in " + data.root(), e);
        }
    }
}
