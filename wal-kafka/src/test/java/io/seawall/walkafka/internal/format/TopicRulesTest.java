package io.seawall.walkafka.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.TopicAdmin;
import io.seawall.walkafka.settings.WalSettings;
import java.util.HashMap;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRulesTest {
    private static final WalSettings SETTINGS = WalSettings.defaults();
    private static final PChannel PCHANNEL = PChannel.parse("orders-3");

    private static TopicAdmin.Facts facts(int partitions, int replicas, String setting, String value) {
        var settings = new HashMap<>(TopicRules.required(SETTINGS, replicas));
        if (value.equals("absent")) {
            settings.remove(setting);
        } else {
            settings.put(setting, value);
        }
        return new TopicAdmin.Facts("id", partitions, replicas, settings);
    }

    @Test
    void acceptsTheSettingsOfACreatedTopic() {
        var created = new TopicAdmin.Facts("id", 4, 3, TopicRules.required(SETTINGS, 3));

        assertThat(TopicRules.problem(PCHANNEL, created, SETTINGS)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, compact",
        "retention.ms, 604800000",
        "retention.bytes, 1000",
        "unclean.leader.election.enable, true",
        "min.insync.replicas, 1",
        "message.timestamp.type, LogAppendTime",
        "message.timestamp.before.max.ms, 1000",
        "message.timestamp.after.max.ms, 3600000",
        "max.message.bytes, 1048588",
        "retention.ms, absent"
    })
    void namesAWrongSettingItsValueAndTheExpectedOne(String setting, String value) {
        var problem = Objects.requireNonNull(TopicRules.problem(PCHANNEL, facts(4, 3, setting, value), SETTINGS));

        assertThat(problem.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(problem)
                .hasMessageContaining(setting + "=" + (value.equals("absent") ? "null" : value))
                .hasMessageContaining(TopicRules.required(SETTINGS, 3).get(setting))
                .hasMessageContaining("topic.verify=warn");
    }

    @ParameterizedTest
    @CsvSource({"min.insync.replicas, 3", "max.message.bytes, 10000000"})
    void acceptsHigherValuesThanRequired(String setting, String value) {
        assertThat(TopicRules.problem(PCHANNEL, facts(4, 3, setting, value), SETTINGS))
                .isNull();
    }

    @Test
    void oneReplicaNeedsOneInSync() {
        assertThat(TopicRules.problem(PCHANNEL, facts(4, 1, "min.insync.replicas", "1"), SETTINGS))
                .isNull();
    }

    @Test
    void aMissingPartitionIsNotFound() {
        var problem = Objects.requireNonNull(TopicRules.problem(PCHANNEL, facts(3, 3, "retention.ms", "-1"), SETTINGS));

        assertThat(problem.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(problem).hasMessageContaining("3 pchannels");
    }

    @Test
    void aCopyOfTheLargestRecordFits() {
        assertThat(TopicRules.maxMessageBytes(SETTINGS))
                .isEqualTo(SETTINGS.limits().recordMaxBytes() + 1024);
    }
}
