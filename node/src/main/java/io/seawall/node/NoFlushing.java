package io.seawall.node;

import io.seawall.flusher.UnflushedRetention;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Flushes;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalReaders;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Flushing that is off. With {@code trim.unflushed=true} logs are trimmed by age and size all the same. */
final class NoFlushing implements Flushing {
    private static final Logger LOG = LoggerFactory.getLogger(NoFlushing.class);

    private final WalReaders kafka;
    private final @Nullable UnflushedRetention retention;

    /**
     * Starts the retention, if there is one.
     *
     * @param config the node's configuration
     * @param kafka reads logs from Kafka; the caller closes it
     * @param clock the clock for the age of records
     */
    NoFlushing(NodeConfig config, WalReaders kafka, InstantSource clock) {
        this.kafka = kafka;
        if (config.trimUnflushed()) {
            LOG.atWarn()
                    .addKeyValue("bytes", config.trimRetainBytes())
                    .addKeyValue("age", config.trimRetain())
                    .log("trim.unflushed=true: deletes records that are in no segment");
            retention = new UnflushedRetention(kafka, FlushSetup.retention(config), clock);
        } else {
            retention = null;
        }
    }

    @Override
    public void register(FlushableWal wal) {
        if (retention != null) {
            retention.register(wal);
        }
    }

    @Override
    public void unregister(FlushableWal wal) {
        if (retention != null) {
            retention.unregister(wal);
        }
    }

    @Override
    public Flushes flushes() {
        return new NoFlushes();
    }

    @Override
    public OptionalLong known(PChannel pchannel) {
        return OptionalLong.empty();
    }

    @Override
    public OptionalLong stored(PChannel pchannel) {
        return OptionalLong.empty();
    }

    @Override
    public Optional<PChannelStatus.Flush> state(PChannel pchannel) {
        return Optional.empty();
    }

    @Override
    public TieredReads openReads() {
        return TieredReads.none(kafka);
    }

    @Override
    public void bind(NodeMetrics metrics) {}

    @Override
    public void close() {
        if (retention != null) {
            retention.close();
        }
    }
}
