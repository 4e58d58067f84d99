package io.seawall.node.config;

import org.apache.kafka.common.config.ConfigDef;

/** Defines the keys of what readers share. */
final class ReadKeys {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    private ReadKeys() {}

    static ConfigDef addTo(ConfigDef keys) {
        ConfigKeys.number(
                keys,
                "reads.tail.logs",
                64,
                1,
                10_000,
                "How many logs the node reads once for all their gRPC readers at the tail, counting each view of a log; the "
                        + "readers of further logs read by themselves. Too low: these take a thread and a Kafka consumer each. Too "
                        + "high: a thread, a Kafka consumer and `reads.tail.bytes` of memory for each of the logs.");
        ConfigKeys.size(
                keys,
                "reads.tail.bytes",
                4 * MIB,
                64 * KIB,
                1L << 30,
                "How many bytes of its newest records, and of what is encoded of them, the node keeps for the gRPC readers "
                        + "at the tail of one log; at least what Kafka returned last. A reader that falls further behind reads by "
                        + "itself until it has caught up. Too low: a short pause of a client costs a thread and a Kafka consumer. "
                        + "Too high: memory, for each of `reads.tail.logs`.");
        return keys;
    }
}
