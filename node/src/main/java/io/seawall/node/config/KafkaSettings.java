package io.seawall.node.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings that the configuration passes to the Kafka clients, after refusing those that would break a guarantee. */
final class KafkaSettings {
    /** The prefix of every key that is passed through. */
    static final String PREFIX = "kafka.";

    /** Kinds of clients with settings of their own, which override those for all clients. */
    static final List<String> CLIENTS = List.of("producer.", "consumer.", "admin.");

    /** Settings that Seawall decides, each with the rule that a user's value could break. */
    static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("acks", "acks is all, because an acknowledged append is on every in-sync replica"),
            Map.entry("enable.idempotence", "LSNs are dense and without duplicates, which needs idempotence"),
            Map.entry("max.in.flight.requests.per.connection", "it is 5, the most that keeps the order of LSNs"),
            Map.entry("transactional.id", "it fences the owners of a pchannel and is made from prefix and pchannel"),
            Map.entry("transaction.timeout.ms", "it is 60000, which the takeover relies on"),
            Map.entry("delivery.timeout.ms", "it is set by wal.delivery.timeout.ms"),
            Map.entry("linger.ms", "it is 0, because an append is sent at once"),
            Map.entry("max.block.ms", "it is 0, because a log never waits inside Kafka's producer"),
            Map.entry("retries", "wal.delivery.timeout.ms sets how long a send is retried"),
            Map.entry("retry.backoff.ms", "it is 10, because a roll would otherwise wait for the coordinator"),
            Map.entry("client.rack", "owner and readers must see the leader's end of the log"),
            Map.entry("client.id", "Seawall names its clients after node and duty"),
            Map.entry("key.serializer", "keys are bytes"),
            Map.entry("value.serializer", "values are bytes"),
            Map.entry("key.deserializer", "keys are bytes"),
            Map.entry("value.deserializer", "values are bytes"),
            Map.entry("isolation.level", "each reader sets it; the committed view is part of the fence"),
            Map.entry("group.id", "readers are assigned and never join a group"),
            Map.entry("group.instance.id", "readers are assigned and never join a group"),
            Map.entry("auto.offset.reset", "it is none, because a reader that lost its place must fail"),
            Map.entry("enable.auto.commit", "it is false: positions are LSNs, not committed offsets"));

    /** The settings of Kafka's clients. */
    private static final Set<String> KNOWN = known();

    private KafkaSettings() {}

    /**
     * Rejects the settings that Seawall decides, and typing errors. Other keys that Kafka's clients do not know may be those of a
     * plug-in.
     *
     * @param problems takes what is wrong: the key and the rule, not the value
     */
    static void check(Map<String, String> raw, ConfigProblems problems) {
        new TreeSet<>(raw.keySet())
                .stream().filter(key -> key.startsWith(PREFIX)).forEach(key -> {
                    var name = withoutClient(key.substring(PREFIX.length()));
                    var rule = REFUSED.get(name);
                    if (rule != null) {
                        problems.add(key + ", expected not to be set: " + rule + "; remove it");
                    } else if (!KNOWN.contains(name)) {
                        refuseTypingError(key, name, problems);
                    }
                });
    }

    private static void refuseTypingError(String key, String name, ConfigProblems problems) {
        NearestKey.typedAs(name, KNOWN).ifPresent(meant -> {
            var client = key.substring(PREFIX.length(), key.length() - name.length());
            problems.add("unknown configuration key " + key + "; did you mean " + PREFIX + client + meant + "?");
        });
    }

    private static Set<String> known() {
        var names = new TreeSet<>(ProducerConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());
        return Set.copyOf(names);
    }

    /**
     * Returns the settings for one kind of client, such as {@code producer.}: those for all clients, overridden by its own.
     */
    static Map<String, Object> forClient(Map<String, String> raw, String client) {
        var settings = new TreeMap<String, Object>();
        raw.forEach((key, value) -> {
            if (key.startsWith(PREFIX) && CLIENTS.stream().noneMatch(key.substring(PREFIX.length())::startsWith)) {
                settings.put(key.substring(PREFIX.length()), value);
            }
        });
        var own = PREFIX + client;
        raw.forEach((key, value) -> {
            if (key.startsWith(own)) {
                settings.put(key.substring(own.length()), value);
            }
        });
        return Map.copyOf(settings);
    }

    private static String withoutClient(String name) {
        for (var client : CLIENTS) {
            if (name.startsWith(client)) {
                return name.substring(client.length());
            }
        }
        return name;
    }
}
