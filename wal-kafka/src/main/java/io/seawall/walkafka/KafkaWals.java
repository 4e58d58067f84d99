package io.seawall.walkafka;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalOpener;
import io.seawall.wal.WalReaders;
import io.seawall.wal.WalRestorer;
import io.seawall.walkafka.port.LaneProducers;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.Ports;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Write-ahead logs on one Kafka cluster: opens them for writing, opens readers of them, and knows their topics. One per process
 * and cluster. May be used from any thread.
 */
public final class KafkaWals implements AutoCloseable {
    /**
     * For what may block: fetches of openings, making and releasing clients. Two at a time for a log, so logs wait for each other only
     * where some 500 of them are stuck. Initializations and commits block nothing.
     */
    private static final int MOST_IO_THREADS = 1_024;

    /** Producers that are being released when everything is closed get so long; their threads end by themselves. */
    private static final Duration RELEASE = Duration.ofSeconds(1);

    /** A consumer always has a fetch under way, and Kafka answers a connection in order: so long does each step back take. */
    private static final Duration OPENING_FETCH = Duration.ofMillis(3);

    private final KafkaConnection connection;
    private final WorkerThreads workers;
    private final ExecutorService io;
    private final ScheduledExecutorService timers;
    private final Admin admin;
    private final KafkaTopics topics;
    private final Ports ports;
    private final Logs logs;

    private KafkaWals(
            KafkaConnection connection, WalSettings settings, NodeIdentity node, KnownElsewhere knownElsewhere) {
        this.connection = connection;
        this.io = IoThreads.upTo(MOST_IO_THREADS, threads("seawall-wal-io-"));
        this.timers = Executors.newSingleThreadScheduledExecutor(threads("seawall-wal-timer-"));
        var time = new SystemTime(timers);
        this.workers = new WorkerThreads(
                Math.max(2, Runtime.getRuntime().availableProcessors()), threads("seawall-wal-"), io, time);
        var client = connection.prefix() + node.node();
        this.admin = Admin.create(ClientSettings.admin(connection, client + "-admin"));
        this.topics = new KafkaTopics(admin, connection, settings, time);
        var flushOffsets = new KafkaFlushOffsets(admin, connection);
        LaneProducers producers = (pchannel, lane) -> new KafkaLaneProducer(
                ClientSettings.producer(connection, settings, client, pchannel, lane),
                connection.topicName(pchannel.topic()),
                pchannel,
                settings.timeouts().open(),
                time,
                io);
        this.ports = new Ports(
                producers,
                (pchannel, isolation) -> cursor(client, pchannel, isolation, OPENING_FETCH, io),
                (pchannel, isolation) -> readerCursor(client, pchannel, isolation),
                topics,
                topics,
                flushOffsets,
                new Ports.Platform(time, new SecureRandom(), workers, io));
        this.logs = Logs.on(ports, settings, node, connection.strictTopics(), knownElsewhere);
    }

    /**
     * Connects. Blocks only as long as making clients takes: Kafka need not be there yet.
     *
     * @param connection how to reach Kafka
     * @param settings how logs are written
     * @param node who writes
     * @return the logs, to be closed by the caller after every log opened from it
     */
    public static KafkaWals connect(KafkaConnection connection, WalSettings settings, NodeIdentity node) {
        return connect(connection, settings, node, KnownElsewhere.NOTHING);
    }

    /**
     * Connects, for a process that knows of its logs from elsewhere too, such as from their segments.
     *
     * @param connection how to reach Kafka
     * @param settings how logs are written
     * @param node who writes
     * @param knownElsewhere asked about logs whose records are gone
     * @return the logs, to be closed by the caller after every log opened from it
     */
    public static KafkaWals connect(
            KafkaConnection connection, WalSettings settings, NodeIdentity node, KnownElsewhere knownElsewhere) {
        return new KafkaWals(connection, settings, node, knownElsewhere);
    }

    private KafkaLogCursor cursor(
            String client, PChannel pchannel, Isolation isolation, Duration longestFetch, Executor executor) {
        var name = client + "-" + pchannel + "-read";
        return new KafkaLogCursor(
                ClientSettings.consumer(connection, name, isolation, longestFetch),
                connection.topicName(pchannel.topic()),
                pchannel,
                executor);
    }

    private KafkaReaderCursor readerCursor(String client, PChannel pchannel, Isolation isolation) {
        return new KafkaReaderCursor(
                longestFetch -> cursor(client, pchannel, isolation, longestFetch, Runnable::run),
                admin,
                connection.topicName(pchannel.topic()),
                pchannel,
                isolation);
    }

    /** Opens logs for writing. */
    public WalOpener opener() {
        return logs.opener();
    }

    /** Opens readers. */
    public WalReaders readers() {
        return logs.readers();
    }

    /** Makes logs again from their records. */
    public WalRestorer restorer() {
        return logs.restorer();
    }

    /** How often the flush position of a log could not be committed as an offset of the flusher's group. */
    public long flushOffsetFailures() {
        return logs.flushOffsetFailures();
    }

    /** What its logs stand on, for tests of the ports themselves: a simulation of Kafka has to behave like these. */
    public Ports ports() {
        return ports;
    }

    /** What the readers did so far. */
    public ReaderStats readerStats() {
        return logs.readerStats();
    }

    /** The topics. */
    public KafkaTopics topics() {
        return topics;
    }

    /**
     * Who holds a log, by its committed records. Blocks.
     *
     * @param pchannel the log
     * @return the highest term in the log and who wrote it; empty for a log that nobody opened
     */
    public Optional<Holder> holder(PChannel pchannel) {
        return logs.holder(pchannel);
    }

    /**
     * Who holds a log.
     *
     * @param term the highest term in the log
     * @param epoch its epoch
     * @param node the node that wrote its claim or snapshot, or null if none was near the end
     * @param url where that node answers, or null
     */
    public record Holder(
            long term,
            long epoch,
            @Nullable String node,
            @Nullable String url) {
        @Override
        public String toString() {
            return "term " + term + (node == null ? "" : " held by node " + node) + (url == null ? "" : " at " + url);
        }
    }

    private static ThreadFactory threads(String prefix) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, prefix + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        logs.close();
        IoThreads.close(io, RELEASE);
        timers.shutdownNow();
        workers.shutdown();
        admin.close(Duration.ofSeconds(1));
    }
}
