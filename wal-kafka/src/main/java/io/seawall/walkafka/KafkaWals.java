package io.seawall.walkafka;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalOpener;
import io.seawall.wal.WalReaders;
import io.seawall.wal.WalRestorer;
import io.seawall.walkafka.port.LaneProducers;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.Ports;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Write-ahead logs on one Kafka cluster: opens them for writing, opens readers of them, and knows their topics. One per process
 * and cluster. May be used from any thread.
 */
public final class KafkaWals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWals.class);

    /** Kafka's blocking calls: initializations, commits, fetches of openings. One each per log, so the queue is bounded by logs. */
    private static final int IO_THREADS = 64;

    /** A consumer always has a fetch under way, and Kafka answers a connection in order: so long does each step back take. */
    private static final Duration OPENING_FETCH = Duration.ofMillis(3);

    private final KafkaConnection connection;
    private final ExecutorService workers;
    private final ThreadPoolExecutor io;
    private final ScheduledExecutorService timers;
    private final Admin admin;
    private final KafkaTopics topics;
    private final Ports ports;
    private final Logs logs;

    private KafkaWals(
            KafkaConnection connection, WalSettings settings, NodeIdentity node, KnownElsewhere knownElsewhere) {
        this.connection = connection;
        this.workers = Executors.newFixedThreadPool(
                Math.max(2, Runtime.getRuntime().availableProcessors()), threads("seawall-wal-"));
        this.io = new ThreadPoolExecutor(
                IO_THREADS, IO_THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads("seawall-wal-io-"));
        this.io.allowCoreThreadTimeOut(true);
        this.timers = Executors.newSingleThreadScheduledExecutor(threads("seawall-wal-timer-"));
        var time = new SystemTime(timers);
        var client = connection.prefix() + node.node();
        this.admin = Admin.create(ClientSettings.admin(connection, client + "-admin"));
        this.topics = new KafkaTopics(admin, connection, settings, time);
        var flushOffsets = new KafkaFlushOffsets(admin, connection);
        LaneProducers producers = (pchannel, lane) -> new KafkaLaneProducer(
                ClientSettings.producer(connection, settings, client, pchannel, lane),
                connection.topicName(pchannel.topic()),
                pchannel,
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

    /**
     * Finds out whether another tool deleted the oldest records of logs in Kafka, so that {@link io.seawall.wal.Wal#oldest} says
     * so too. Asks each broker once, and reads a log only if it begins elsewhere than before. Blocks for about 2 s at most while
     * Kafka does not answer, and then changes nothing.
     *
     * @param pchannels logs that are open in this process
     */
    public void lookAtStarts(Collection<PChannel> pchannels) {
        Futures.joined(new LogStarts(admin, connection).of(pchannels)).forEach(this::lookAtStart);
    }

    private void lookAtStart(PChannel pchannel, long start) {
        try {
            logs.lookAtStart(pchannel, start);
        } catch (WalException unread) {
            LOG.atDebug()
                    .setMessage("it is not known where a log begins")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("error", String.valueOf(unread.getMessage()))
                    .log();
        }
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
        timers.shutdownNow();
        io.shutdownNow();
        workers.shutdown();
        admin.close(Duration.ofSeconds(1));
    }
}
