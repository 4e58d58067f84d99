package io.seawall.node.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Defines the keys of the flusher's budgets, and of what stays in Kafka besides the segments. */
final class FlushKeys {
    /** The value of a size or a time without a limit. */
    static final long NO_LIMIT = -1;

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long WEEK_MS = 7L * 24 * 60 * 60 * 1000;

    private FlushKeys() {}

    static ConfigDef addTo(ConfigDef keys) {
        ConfigKeys.size(
                keys,
                "flush.memory.bytes",
                64 * MIB,
                8 * MIB,
                64 * GIB,
                "The memory of all pchannels that this node flushes together, in bytes: readers, and blocks that are "
                        + "not full. A reader counts twice the size of a fetch (`kafka.consumer.max.partition.fetch.bytes`, 2 "
                        + "MiB, or the largest record); topics with compression unpack to more than that. Too low: few "
                        + "pchannels are read at once, and blocks get small. Too high: less memory for appends and reads.");
        ConfigKeys.size(
                keys,
                "spool.max.bytes",
                4 * GIB,
                MIB,
                1024 * GIB,
                "The disk space that all pchannels together may take under `spool.dir`, in bytes; an open spool "
                        + "counts twice, because it is copied when it is sealed. When the space is used up, the largest spool "
                        + "is published early and the other pchannels wait. Too low: small segments. Too high: the disk may "
                        + "fill up; flushing then slows down and retries.");
        ConfigKeys.size(
                keys,
                "trim.retain.bytes",
                GIB,
                NO_LIMIT,
                1L << 50,
                "How many flushed records stay in Kafka, per pchannel, in bytes; -1 for no limit. Older records are "
                        + "deleted from Kafka and read from the segments. 0 keeps only records that are in no segment yet. Too "
                        + "low: plain Kafka consumers that lag miss records, and reads go to the segments. Too high: the "
                        + "brokers' disks fill up. As with Kafka's own retention, the limit that is reached first applies.");
        keys.define(
                "trim.retain.ms",
                ConfigDef.Type.LONG,
                WEEK_MS,
                ConfigDef.Range.atLeast(NO_LIMIT),
                Importance.MEDIUM,
                "How long flushed records stay in Kafka, in milliseconds after a record's timestamp; -1 for no limit. "
                        + "Too low: consumers that lag miss records. Too high: the brokers' disks fill up. If both limits are "
                        + "-1, nothing is ever deleted from Kafka.");
        keys.define(
                "trim.unflushed",
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.MEDIUM,
                "With `flush.enabled=false` only: applies the two limits above although the records are in no "
                        + "segment. Deleted records are then lost, as in a plain Kafka topic with a retention.");
        return keys;
    }
}
