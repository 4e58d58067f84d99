package io.seawall.kafkalocal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * A cluster of real Kafka brokers, each a process on this machine that listens on 127.0.0.1 only, as broker and controller. No
 * broker outlives this JVM, however it ends. Any thread may call.
 */
public final class LocalKafka implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

    private final List<LocalBroker> brokers;
    private final DataDir data;
    private final DirectoryLock lock;
    private final Spawner spawner;
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    LocalKafka(List<LocalBroker> brokers, DataDir data, DirectoryLock lock, Spawner spawner) {
        this.brokers = List.copyOf(brokers);
        this.data = data;
        this.lock = lock;
        this.spawner = spawner;
        brokers.forEach(broker -> broker.onUnasked(ended::complete));
    }

    /** Begins the description of a cluster: one broker, free ports, data in a new directory that is deleted at the end. */
    public static LocalKafkaBuilder builder() {
        return new LocalKafkaBuilder();
    }

    /** The addresses of all brokers, dead ones included, as Kafka clients take them. */
    public String bootstrapServers() {
        return brokers.stream()
                .map(broker -> BrokerAddress.HOST + ":" + broker.port())
                .collect(Collectors.joining(","));
    }

    /** All brokers, by node id from 0 on. */
    public List<LocalBroker> brokers() {
        return brokers;
    }

    /**
     * One broker.
     *
     * @param id its node id: 0 for the first, as clients see it in a partition's leader
     * @throws IndexOutOfBoundsException if there is none of that id
     */
    public LocalBroker broker(int id) {
        return brokers.get(id);
    }

    /**
     * Completes with a sentence for people when the process of a broker ends although nothing here told it to; never if that
     * does not happen. What is chained to it runs on a thread of the JDK's.
     */
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    /** Starts all and waits for all: one timeout for the whole. */
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
     * Stops all brokers, paused ones too, and waits for their end: cleanly if the data is kept, killed after 15 s; killed at
     * once if not. Then deletes the data unless it is kept. A second call does nothing.
     *
     * @throws LocalKafkaException if the data cannot be deleted
     */
    @Override
    public void close() {
        brokers.forEach(LocalBroker::refuseStarts);
        if (data.keep()) {
            // All at once: the last of a cluster finds no quorum to hand over to either way.
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
