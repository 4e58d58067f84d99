package io.seawall.walkafka.admin;

import java.util.List;
import java.util.OptionalInt;

/**
 * The description of a topic to create. {@link Topics#create} checks the values.
 *
 * @param name the name without prefix
 * @param pchannels the number of pchannels, 1 or more
 * @param replicationFactor the number of replicas, 1 or more; empty for the smaller of 3 and the number of brokers, and for any
 *     number if the topic exists
 * @param compression one of {@link #COMPRESSIONS}
 */
public record TopicSpec(String name, int pchannels, OptionalInt replicationFactor, String compression) {
    /** Leaves the compression of a batch to its producer, and Seawall's compress nothing. */
    public static final String NO_COMPRESSION = "none";

    /** The allowed compressions. */
    public static final List<String> COMPRESSIONS = List.of(NO_COMPRESSION, "zstd", "lz4", "snappy", "gzip");

    /** Returns a topic with the usual number of replicas and no compression. */
    public static TopicSpec of(String name, int pchannels) {
        return new TopicSpec(name, pchannels, OptionalInt.empty(), NO_COMPRESSION);
    }

    /** Returns this topic with another number of replicas. */
    public TopicSpec withReplicationFactor(int other) {
        return new TopicSpec(name, pchannels, OptionalInt.of(other), compression);
    }

    /** Returns this topic with another compression. */
    public TopicSpec withCompression(String other) {
        return new TopicSpec(name, pchannels, replicationFactor, other);
    }
}
