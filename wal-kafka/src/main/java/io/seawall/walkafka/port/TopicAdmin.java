package io.seawall.walkafka.port;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Port: what Kafka knows of a topic. */
@FunctionalInterface
public interface TopicAdmin {
    /**
     * A topic as it is now.
     *
     * @param id Kafka's own id, different once a topic is created again
     * @param partitions how many
     * @param replicationFactor of its first partition
     * @param settings all of them, defaults included
     */
    record Facts(String id, int partitions, int replicationFactor, Map<String, String> settings) {}

    /** Looks a topic up by its name without prefix; fails with NOT_FOUND if there is none. */
    CompletableFuture<Facts> describe(String topic);
}
