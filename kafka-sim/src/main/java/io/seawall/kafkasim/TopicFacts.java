package io.seawall.kafkasim;

import io.seawall.walkafka.settings.WalSettings;
import java.util.Map;

/** The settings of a topic as wal-kafka creates them. */
final class TopicFacts {
    private static final String FOREVER = String.valueOf(Long.MAX_VALUE);

    private TopicFacts() {}

    static Map<String, String> settings(WalSettings settings) {
        return Map.of(
                "cleanup.policy", "delete",
                "retention.ms", "-1",
                "retention.bytes", "-1",
                "unclean.leader.election.enable", "false",
                "min.insync.replicas", "2",
                "message.timestamp.type", "CreateTime",
                "message.timestamp.before.max.ms", FOREVER,
                "message.timestamp.after.max.ms", FOREVER,
                "max.message.bytes", String.valueOf(2 * settings.limits().recordMaxBytes() + 4_096));
    }
}
