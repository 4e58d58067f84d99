package io.seawall.node.ports;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The topics of this deployment. Every method may block for as long as Kafka takes. */
public interface TopicCatalog {
    /**
     * Creates a topic, or adds pchannels to an existing one.
     *
     * @param topic a checked name, without prefix
     * @param wanted its settings
     * @return what was done
     */
    Outcome create(String topic, Wanted wanted);

    /**
     * Deletes a topic with its records, but not its segments.
     *
     * @throws io.seawall.wal.RequestException with code NOT_FOUND if there is no such topic
     */
    void delete(String topic);

    /** Returns all topics, by name. */
    List<Topic> list();

    /**
     * The wanted settings of a topic.
     *
     * @param pchannels how many pchannels, 1 or more
     * @param replicationFactor how many replicas each has, or null for the smaller of three and the number of brokers
     * @param compression the topic's {@code compression.type}: none, gzip, snappy, lz4 or zstd
     */
    record Wanted(int pchannels, @Nullable Integer replicationFactor, String compression) {
        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        public Wanted(int pchannels, @Nullable Integer replicationFactor, String compression) {
            this.pchannels = pchannels;
            this.replicationFactor = replicationFactor;
            this.compression = compression;
        }
    }

    /**
     * A topic with its present settings.
     *
     * @param name its name, without prefix
     * @param pchannels how many pchannels it has
     * @param replicationFactor how many replicas each has
     * @param compression its {@code compression.type}
     */
    record Topic(String name, int pchannels, int replicationFactor, String compression) {}

    /** The result of {@link #create}. */
    sealed interface Outcome {
        /** Returns the kind of this result. */
        Kind kind();
    }

    /** The kinds of {@link Outcome}. */
    enum Kind {
        /** The topic did not exist and was created. */
        CREATED,
        /** The topic existed with the wanted settings. */
        SAME,
        /** The topic existed with fewer pchannels, and got more. */
        GROWN,
        /** The topic exists with settings that cannot be changed to the wanted ones. */
        CONFLICT
    }

    /**
     * The topic has the wanted settings.
     *
     * @param kind created, same or grown
     * @param topic the topic now
     */
    record Done(Kind kind, Topic topic) implements Outcome {}

    /**
     * The topic has other settings and stays unchanged.
     *
     * @param topic the topic
     */
    record Conflict(Topic topic) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.CONFLICT;
        }
    }
}
