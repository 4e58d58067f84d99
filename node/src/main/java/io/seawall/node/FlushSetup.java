package io.seawall.node;

import io.seawall.flusher.FlusherSettings;
import io.seawall.flusher.FlusherSettings.Memory;
import io.seawall.flusher.FlusherSettings.Retention;
import io.seawall.flusher.FlusherSettings.Sealing;
import io.seawall.flusher.FlusherSettings.Spooling;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.node.config.NodeConfig;

/** Derives the flusher's settings from the node's configuration. */
final class FlushSetup {
    /** The fetch size of wal-kafka if the configuration sets none. */
    private static final long USUAL_FETCH_BYTES = 2L << 20;

    private static final String FETCH_BYTES = "max.partition.fetch.bytes";

    /** The approximate size of a consumer's buffers and metadata. */
    private static final long CONSUMER_BYTES = 512L << 10;

    private FlushSetup() {}

    static FlusherSettings settings(NodeConfig config) {
        var codec = switch (config.flushCodec()) {
            case ZSTANDARD -> SegmentCodec.ZSTANDARD;
            case DEFLATE -> SegmentCodec.DEFLATE;
        };
        return FlusherSettings.defaults(config.spoolDir())
                .with(new Sealing(config.flushBytes(), config.flushInterval(), codec))
                .with(new Spooling(config.spoolDir(), config.spoolMaxBytes()))
                .with(new Memory(config.flushMemoryBytes(), readerBytes(config), config.walRecordMaxBytes()))
                .with(retention(config));
    }

    static Retention retention(NodeConfig config) {
        return new Retention(config.trimRetainBytes(), config.trimRetain());
    }

    /**
     * Returns the memory of a reader: the fetched answer that it returns record by record, and the next one, fetched
     * meanwhile.
     */
    private static long readerBytes(NodeConfig config) {
        var configured = config.kafkaConsumer().get(FETCH_BYTES);
        var fetchBytes = configured == null
                ? USUAL_FETCH_BYTES
                : Long.parseLong(configured.toString().strip());
        return 2 * Math.max(fetchBytes, config.walRecordMaxBytes()) + CONSUMER_BYTES;
    }
}
