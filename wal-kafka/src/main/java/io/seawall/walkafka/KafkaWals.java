package io.seawall.walkafka;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalOpener;
import io.seawall.wal.WalReaders;
import io.seawall.wal.WalRestorer;
import io.seawall.walkafka.admin.KafkaTopics;
import io.seawall.walkafka.admin.LogHolder;
import io.seawall.walkafka.admin.ReaderStats;
import io.seawall.walkafka.internal.open.TimestampLeads;
import io.seawall.walkafka.internal.runtime.KafkaRuntime;
import io.seawall.walkafka.internal.runtime.Logs;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Write-ahead logs on one Kafka cluster: opens them for writing, opens readers of them, and knows their topics. One per process
 * and cluster. Thread-safe.
 */
public final class KafkaWals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWals.class);

    private final KafkaRuntime kafka;
    private final Logs logs;

    private KafkaWals(KafkaConnection connection, WalSettings settings, NodeIdentity node) {
        this.kafka = new KafkaRuntime(connection, settings, node);
        this.logs = Logs.on(kafka.ports(), settings, node, connection.strictTopics());
    }

    /**
     * Connects with the default settings.
     *
     * @param connection how to reach Kafka
     * @param node who writes
     * @return the logs, to be closed by the caller after every log opened from it
     * @throws WalException as {@link #connect(KafkaConnection, WalSettings, NodeIdentity)}
     */
    public static KafkaWals connect(KafkaConnection connection, NodeIdentity node) {
        return connect(connection, WalSettings.defaults(), node);
    }

    /**
     * Connects. Blocks only as long as making clients takes: Kafka need not be there yet.
     *
     * @param connection how to reach Kafka
     * @param settings how logs are written
     * @param node who writes
     * @return the logs, to be closed by the caller after every log opened from it
     * @throws WalException with code INVALID if Kafka's clients refuse a setting, UNAVAILABLE if no host of
     *     {@code bootstrap.servers} has an address
     */
    public static KafkaWals connect(KafkaConnection connection, WalSettings settings, NodeIdentity node) {
        return new KafkaWals(connection, settings, node);
    }

    /** Returns the opener of logs for writing. */
    public WalOpener opener() {
        return logs.opener();
    }

    /** Returns the readers. */
    public WalReaders readers() {
        return logs.readers();
    }

    /** Returns the restorer, which writes logs again from their records. */
    public WalRestorer restorer() {
        return logs.restorer();
    }

    /** Returns how often the flush position of a log could not be committed as an offset of the flusher's group. */
    public long flushOffsetFailures() {
        return logs.flushOffsetFailures();
    }

    /**
     * Finds out whether another tool deleted the oldest records of logs in Kafka, so that {@link io.seawall.wal.Wal#oldest} shows
     * it. Asks each broker once, and reads a log only if it begins elsewhere than before. Blocks for about 2 s at most while Kafka
     * does not answer, and then changes nothing.
     *
     * @param pchannels logs that are open in this process
     */
    public void lookAtStarts(Collection<PChannel> pchannels) {
        Futures.joined(kafka.starts(pchannels)).forEach(this::lookAtStart);
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
     * Returns how far the timestamps of a log are ahead of this process's clock. They never decrease, so after a clock was ahead
     * once, every later record gets the timestamp of that moment until the time has come.
     *
     * @param pchannel a log that was opened in this process
     * @return zero if they are not ahead; {@link #exceedsClockSkew} tells whether it needs attention
     */
    public Duration timestampLead(PChannel pchannel) {
        return logs.timestampLead(pchannel);
    }

    /** Returns whether a lead of timestamps is longer than clocks of machines may differ: a minute. */
    public static boolean exceedsClockSkew(Duration lead) {
        return TimestampLeads.exceedsClockSkew(lead);
    }

    /** Returns what the readers did so far. */
    public ReaderStats readerStats() {
        return logs.readerStats();
    }

    /** Returns the topics. */
    public KafkaTopics topics() {
        return kafka.topics();
    }

    /**
     * Finds who holds a log, by its committed records. Blocks.
     *
     * @param pchannel the log
     * @return the highest term in the log and who wrote it; empty for a log that nobody opened
     */
    public Optional<LogHolder> holder(PChannel pchannel) {
        return logs.holder(pchannel);
    }

    /** Closes readers, ends openings and releases clients and threads, within a time limit. Logs have to be closed before. */
    @Override
    public void close() {
        logs.close();
        kafka.close();
    }
}
