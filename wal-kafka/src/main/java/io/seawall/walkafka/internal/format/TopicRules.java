package io.seawall.walkafka.internal.format;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.TopicAdmin;
import io.seawall.walkafka.settings.WalSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings that a topic must have. Used to create topics and to check them; see docs/protocol.md#topic-settings. */
public final class TopicRules {
    /** A republished copy has a longer header than the original record. */
    private static final int COPY_ROOM_BYTES = 1024;

    private static final String FOREVER = String.valueOf(Long.MAX_VALUE);
    private static final String MIN_ISR = "min.insync.replicas";
    public static final String MAX_BYTES = "max.message.bytes";

    private TopicRules() {}

    /** Returns the size in bytes of the largest batch that the broker must accept. */
    public static int maxMessageBytes(WalSettings settings) {
        return settings.limits().recordMaxBytes() + COPY_ROOM_BYTES;
    }

    public static Map<String, String> required(WalSettings settings, int replicationFactor) {
        var required = new LinkedHashMap<String, String>();
        required.put("cleanup.policy", "delete");
        required.put("retention.ms", "-1");
        required.put("retention.bytes", "-1");
        required.put("unclean.leader.election.enable", "false");
        required.put(MIN_ISR, replicationFactor >= 3 ? "2" : "1");
        required.put("message.timestamp.type", "CreateTime");
        required.put("message.timestamp.before.max.ms", FOREVER);
        required.put("message.timestamp.after.max.ms", FOREVER);
        required.put(MAX_BYTES, String.valueOf(maxMessageBytes(settings)));
        return required;
    }

    /** Returns the first problem of a topic, or null: NOT_FOUND if it lacks the partition, INTERNAL for an unsafe setting. */
    public static @Nullable WalException problem(PChannel pchannel, TopicAdmin.Facts facts, WalSettings settings) {
        if (pchannel.partition() >= facts.partitions()) {
            return Problem.of(ErrorCode.NOT_FOUND, "open " + pchannel)
                    .pchannel(pchannel)
                    .found("a topic with " + facts.partitions() + " pchannels")
                    .expected(PChannel.names(pchannel.topic(), facts.partitions()))
                    .exception();
        }
        for (var setting : required(settings, facts.replicationFactor()).entrySet()) {
            var found = facts.settings().get(setting.getKey());
            if (!satisfies(setting.getKey(), found, setting.getValue())) {
                return Problem.of(ErrorCode.INTERNAL, "open " + pchannel)
                        .pchannel(pchannel)
                        .found("topic setting " + setting.getKey() + "=" + found)
                        .expected(setting.getValue())
                        .fix("alter the topic's setting, or start the node with topic.verify=warn")
                        .exception();
            }
        }
        return null;
    }

    private static boolean satisfies(String name, @Nullable String found, String expected) {
        if (found == null) {
            return false;
        }
        var atLeast = name.equals(MIN_ISR) || name.equals(MAX_BYTES);
        return atLeast ? Long.parseLong(found) >= Long.parseLong(expected) : found.equals(expected);
    }
}
