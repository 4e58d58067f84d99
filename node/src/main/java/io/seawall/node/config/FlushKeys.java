package io.seawall.node.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The keys of the flusher's budgets, and of what stays in Kafka behind the segments. */
final class FlushKeys {
    /** What a size or a time says that has no limit. */
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
                "The memory of all pchannels that are flushed on this node together, in bytes: readers, and blocks that are not"
                        + " full. A reader counts twice what it fetches (`kafka.consumer.max.partition.fetch.bytes`, 2 MiB, or the"
                        + " largest record); topics with compression unpack to more than that. Too low: few pchannels are read at"
                        + " once, and blocks get small. Too high: memory that appends and reads could use.");
        ConfigKeys.size(
                keys,
                "spool.max.bytes",
                4 * GIB,
                MIB,
                1024 * GIB,
                "The disk under `spool.dir` that all pchannels may take together, in bytes; an open spool counts twice, as it is"
                        + " copied when it is sealed. When it is used up, the largest spool is published early and the other"
                        + " pchannels wait. Too low: small segments. Too high: the disk fills up, which slows flushing down as"
                        + " well and is tried again.");
        ConfigKeys.size(
                keys,
                "trim.retain.bytes",
                GIB,
                NO_LIMIT,
                1L << 50,
                "How much of what is in segments stays in Kafka too, per pchannel, in bytes of records; -1 for no limit. What is"
                        + " older is deleted from Kafka, and read from the segments. 0 keeps only what is in no segment yet. Too"
                        + " low: plain Kafka consumers that lag miss records, and reads go to the segments. Too high: the"
                        + " brokers' disks. As with Kafka's own retention, the first limit that is reached counts.");
        keys.define(
                "trim.retain.ms",
                ConfigDef.Type.LONG,
                WEEK_MS,
                ConfigDef.Range.atLeast(NO_LIMIT),
                Importance.MEDIUM,
                "How long what is in segments stays in Kafka too, in milliseconds after a record's timestamp; -1 for no limit."
                        + " Too low: consumers that lag miss records. Too high: the brokers' disks. With both limits -1 nothing is ever deleted from Kafka.");
        keys.define(
                "trim.unflushed",
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.MEDIUM,
                "With `flush.enabled=false` only: deletes records by the two limits above although they are in no segment. They"
                        + " are lost then, which is what a plain Kafka topic with a retention does.");
        return keys;
    }
}
