package io.seawall.walkafka;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalOpener;
import io.seawall.wal.WalReaders;
import io.seawall.wal.WalRestorer;
import io.seawall.walkafka.admin.KafkaTopics;
import io.seawall.walkafka.admin.LogHolder;
import io.seawall.walkafka.admin.ReaderStats;
import io.seawall.walkafka.internal.client.IoThreads;
import io.seawall.walkafka.internal.client.KafkaClients;
import io.seawall.walkafka.internal.client.WorkerThreads;
import io.seawall.walkafka.internal.open.TimestampLeads;
import io.seawall.walkafka.internal.runtime.Logs;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.internal.serial.SystemTime;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.KnownElsewhere;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Write-ahead logs on one Kafka cluster: opens them for writing, opens readers of them, and knows their topics. One per process
 * and cluster. May be used from any thread.
 */
public final class KafkaWals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWals.class);

    /** By how much clocks of machines may differ. A log whose timestamps are further ahead is named in the log. */
    public static final Duration TOLERATED_LEAD = TimestampLeads.TOLERATED;

    /**
     * For calls that may block: fetches of openings, making and releasing clients. A log has at most two of them at a time, so logs
     * wait for each other only if some 500 are stuck. Initializations and commits block no thread.
     */
    private static final int MOST_IO_THREADS = 1_024;

    /** How long {@link #close} waits for producers to be released; after that, their threads end by themselves. */
    private static final Duration RELEASE = Duration.ofSeconds(1);

    private final WorkerThreads workers;
    private final ExecutorService io;
    private final ScheduledExecutorService timers;
    private final KafkaClients clients;
    private final Logs logs;

    private KafkaWals(
            KafkaConnection connection, WalSettings settings, NodeIdentity node, KnownElsewhere knownElsewhere) {
        this.io = IoThreads.upTo(MOST_IO_THREADS, threads("seawall-wal-io-"));
        this.timers = Executors.newSingleThreadScheduledExecutor(threads("seawall-wal-timer-"));
        var time = new SystemTime(timers);
        this.workers = new WorkerThreads(
                Math.max(2, Runtime.getRuntime().availableProcessors()), threads("seawall-wal-"), io, time);
        this.clients =
                new KafkaClients(connection, settings, node, new Ports.Platform(time, new SecureRandom(), workers, io));
        this.logs = Logs.on(clients.ports(), settings, node, connection.strictTopics(), knownElsewhere);
    }

    /**
     * Connects. Blocks only as long as making clients takes: Kafka need not be there yet.
     *
     * @param connection how to reach Kafka
     * @param settings how logs are written
     * @param node who writes
     * @return the logs, to be closed by the caller after every log opened from it
     * @throws io.seawall.wal.WalException with code INVALID if Kafka's clients refuse a setting, UNAVAILABLE if no host of
     *     {@code bootstrap.servers} has an address
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
     * @throws io.seawall.wal.WalException as the other one
     */
    public static KafkaWals connect(
            KafkaConnection connection, WalSettings settings, NodeIdentity node, KnownElsewhere knownElsewhere) {
        return new KafkaWals(connection, settings, node, knownElsewhere);
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
        return clients.ports();
    }

    /**
     * Finds out whether another tool deleted the oldest records of logs in Kafka, so that {@link io.seawall.wal.Wal#oldest} says
     * so too. Asks each broker once, and reads a log only if it begins elsewhere than before. Blocks for about 2 s at most while
     * Kafka does not answer, and then changes nothing.
     *
     * @param pchannels logs that are open in this process
     */
    public void lookAtStarts(Collection<PChannel> pchannels) {
        Futures.joined(clients.starts().of(pchannels)).forEach(this::lookAtStart);
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

    /**
     * How far the timestamps of a log are ahead of this process's clock: they never go back, so a clock that was ahead once gives
     * every later record the timestamp of that moment, until the time has come.
     *
     * @param pchannel a log that was opened in this process
     * @return zero if they are not ahead; more than {@link #TOLERATED_LEAD} is worth telling
     */
    public Duration timestampLead(PChannel pchannel) {
        return logs.timestampLead(pchannel);
    }

    /** What the readers did so far. */
    public ReaderStats readerStats() {
        return logs.readerStats();
    }

    /** The topics. */
    public KafkaTopics topics() {
        return clients.topics();
    }

    /**
     * Who holds a log, by its committed records. Blocks.
     *
     * @param pchannel the log
     * @return the highest term in the log and who wrote it; empty for a log that nobody opened
     */
    public Optional<LogHolder> holder(PChannel pchannel) {
        return logs.holder(pchannel);
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
        clients.close();
    }
}
