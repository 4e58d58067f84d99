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
 * The write-ahead logs on one Kafka cluster: opens logs for writing, opens readers, and manages topics. One per process and cluster.
 * Thread-safe.
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
     * @param node the identity of this process
     * @return the logs, to be closed by the caller after every log opened from it
     * @throws WalException as {@link #connect(KafkaConnection, WalSettings, NodeIdentity)}
     */
    public static KafkaWals connect(KafkaConnection connection, NodeIdentity node) {
        return connect(connection, WalSettings.defaults(), node);
    }

    /**
     * Connects. Blocks only while it creates clients; Kafka may be unreachable.
     *
     * @param connection how to reach Kafka
     * @param settings how logs are written
     * @param node the identity of this process
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
     * Updates the oldest LSNs of logs, which {@link io.seawall.wal.Wal#oldest} returns, after another tool may have deleted records
     * in Kafka. Sends one request to each broker, and reads a log only if its first offset has changed. If Kafka does not answer,
     * blocks for about 2 s and changes nothing.
     *
     * @param pchannels logs that are open in this process
     */
    public void updateStarts(Collection<PChannel> pchannels) {
        Futures.joined(kafka.starts(pchannels)).forEach(this::findOldest);
    }

    private void findOldest(PChannel pchannel, long start) {
        try {
            logs.findOldest(pchannel, start);
        } catch (WalException unread) {
            LOG.atDebug()
                    .setMessage("the oldest record of a log cannot be read")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("error", String.valueOf(unread.getMessage()))
                    .log();
        }
    }

    /**
     * Returns how far the timestamps of a log are ahead of this process's clock. Timestamps never go back. So once a clock was ahead,
     * all later records get the same timestamp until the clocks have caught up with it.
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

    /** Returns counts of the readers and of the records that they skipped. */
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
     * @return the highest term in the log and who wrote it; empty for a log that was never opened
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
