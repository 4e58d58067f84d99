package io.seawall.walkafka.port;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Port: describes topics. */
@FunctionalInterface
public interface TopicAdmin {
    /**
     * A topic as it is now.
     *
     * @param id Kafka's topic id; a topic that is created again gets another one
     * @param partitions the number of partitions
     * @param replicationFactor the replication factor of its first partition
     * @param settings all settings, defaults included
     */
    record Facts(String id, int partitions, int replicationFactor, Map<String, String> settings) {}

    /** Describes a topic by its name without prefix; fails with NOT_FOUND if there is none. */
    CompletableFuture<Facts> describe(String topic);
}
