package io.seawall.walkafka.internal.runtime;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.KafkaTopics;
import io.seawall.walkafka.internal.client.IoThreads;
import io.seawall.walkafka.internal.client.KafkaClients;
import io.seawall.walkafka.internal.client.WorkerThreads;
import io.seawall.walkafka.internal.serial.SystemTime;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** The ports on Kafka, with the clients and threads behind them. Thread-safe; closed after everything that uses the ports. */
public final class KafkaRuntime implements AutoCloseable {
    /**
     * The most threads for calls that may block: fetches of openings, and the creation and release of clients. A log has at most two
     * such calls at a time, so logs wait for each other only if some 500 are stuck. Initializations and commits block no thread.
     */
    private static final int MOST_IO_THREADS = 1_024;

    /** How long {@link #close} waits for the release of producers. After that their threads end by themselves. */
    private static final Duration RELEASE = Duration.ofSeconds(1);

    private final WorkerThreads workers;
    private final ExecutorService io;
    private final ScheduledExecutorService timers;
    private final KafkaClients clients;

    /**
     * Creates threads and clients. Kafka may be unreachable.
     *
     * @param connection how to reach Kafka
     * @param settings how logs are written
     * @param node the identity of this process
     * @throws io.seawall.wal.WalException with code INVALID if Kafka's clients refuse a setting, UNAVAILABLE if no host of
     *     {@code bootstrap.servers} has an address
     */
    public KafkaRuntime(KafkaConnection connection, WalSettings settings, NodeIdentity node) {
        this.io = IoThreads.upTo(MOST_IO_THREADS, threads("seawall-wal-io-"));
        this.timers = Executors.newSingleThreadScheduledExecutor(threads("seawall-wal-timer-"));
        var time = new SystemTime(timers);
        this.workers = new WorkerThreads(
                Math.max(2, Runtime.getRuntime().availableProcessors()), threads("seawall-wal-"), io, time);
        this.clients =
                new KafkaClients(connection, settings, node, new Ports.Platform(time, new SecureRandom(), workers, io));
    }

    public Ports ports() {
        return clients.ports();
    }

    public KafkaTopics topics() {
        return clients.topics();
    }

    /** Returns the first offset of each log, without logs whose broker does not answer. Never fails. */
    public CompletableFuture<Map<PChannel, Long>> starts(Collection<PChannel> pchannels) {
        return clients.starts().of(pchannels);
    }

    private static ThreadFactory threads(String prefix) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, prefix + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Releases clients and threads within a time limit. */
    @Override
    public void close() {
        IoThreads.close(io, RELEASE);
        timers.shutdownNow();
        workers.shutdown();
        clients.close();
    }
}
