package io.seawall.client.log;

/**
 * A topic as it is after {@code createTopic}.
 *
 * @param outcome what the call did
 * @param pchannels how many logs the topic has
 * @param replicationFactor how many brokers have a copy
 * @param compression how Kafka stores it
 */
public record TopicDescription(Outcome outcome, int pchannels, int replicationFactor, String compression) {
    /** What a call to create a topic did. */
    public enum Outcome {
        /** The topic is new. */
        CREATED,
        /** The topic was there with these settings. */
        SAME,
        /** The topic has more logs now. */
        GROWN
    }
}
