package io.seawall.client.log;

import org.jspecify.annotations.Nullable;

/**
 * The settings of a topic to create. Null leaves the choice to the node: 4 logs, 3 copies or as many as there are brokers, no
 * compression.
 *
 * @param pchannels how many logs the topic has
 * @param replicationFactor how many brokers have a copy
 * @param compression how Kafka stores it: none, gzip, snappy, lz4 or zstd
 */
public record TopicOptions(
        @Nullable Integer pchannels,
        @Nullable Integer replicationFactor,
        @Nullable String compression) {
    /** Returns the node's own choice for all settings. */
    public static TopicOptions defaults() {
        return new TopicOptions(null, null, null);
    }

    /** Returns a copy with a number of logs. */
    public TopicOptions pchannels(int value) {
        return new TopicOptions(value, replicationFactor, compression);
    }

    /** Returns a copy with a number of brokers that have a copy. */
    public TopicOptions replicationFactor(int value) {
        return new TopicOptions(pchannels, value, compression);
    }

    /** Returns a copy with a compression. */
    public TopicOptions compression(String value) {
        return new TopicOptions(pchannels, replicationFactor, value);
    }
}
