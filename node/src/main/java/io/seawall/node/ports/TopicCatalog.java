package io.seawall.node.ports;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The topics of this deployment. Every method may block for as long as Kafka takes. */
public interface TopicCatalog {
    /**
     * Creates a topic, or makes one that is there have more pchannels.
     *
     * @param topic a checked name, without prefix
     * @param wanted its settings
     * @return what was done
     */
    Outcome create(String topic, Wanted wanted);

    /**
     * Deletes a topic with its records; segments stay.
     *
     * @throws io.seawall.wal.RequestException with code NOT_FOUND if there is no such topic
     */
    void delete(String topic);

    /** All topics, by name. */
    List<Topic> list();

    /**
     * What a topic is to be.
     *
     * @param pchannels how many pchannels, 1 or more
     * @param replicationFactor how many replicas each has, or null for three or as many as there are brokers
     * @param compression the topic's {@code compression.type}: none, gzip, snappy, lz4 or zstd
     */
    record Wanted(int pchannels, @Nullable Integer replicationFactor, String compression) {
        /** Takes the parts as they are. */
        public Wanted(int pchannels, @Nullable Integer replicationFactor, String compression) {
            this.pchannels = pchannels;
            this.replicationFactor = replicationFactor;
            this.compression = compression;
        }
    }

    /**
     * A topic as it is.
     *
     * @param name its name, without prefix
     * @param pchannels how many pchannels it has
     * @param replicationFactor how many replicas each has
     * @param compression its {@code compression.type}
     */
    record Topic(String name, int pchannels, int replicationFactor, String compression) {}

    /** What {@link #create} did. */
    sealed interface Outcome {
        /** Which of them. */
        Kind kind();
    }

    /** The kinds of {@link Outcome}. */
    enum Kind {
        /** It was not there. */
        CREATED,
        /** It was there as wanted. */
        SAME,
        /** It was there with fewer pchannels. */
        GROWN,
        /** It is there with settings that cannot be changed into the wanted ones. */
        CONFLICT
    }

    /**
     * The topic is as wanted.
     *
     * @param kind created, same or grown
     * @param topic the topic as it is now
     */
    record Done(Kind kind, Topic topic) implements Outcome {}

    /**
     * The topic is not as wanted and stays as it is.
     *
     * @param topic the topic as it is
     */
    record Conflict(Topic topic) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.CONFLICT;
        }
    }
}
