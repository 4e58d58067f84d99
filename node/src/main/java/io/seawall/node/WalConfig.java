package io.seawall.node;

import io.seawall.lifetime.LifetimeSettings;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.config.TopicVerify;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.WalSettings;
import java.util.Map;

/** Derives the settings of wal-kafka, and of the lifetime around it, from a node's configuration. */
final class WalConfig {
    private WalConfig() {}

    /** Returns how to reach Kafka. */
    static KafkaConnection connection(NodeConfig config) {
        return new KafkaConnection(
                config.prefix(),
                config.topicVerify() == TopicVerify.FAIL,
                Map.of(),
                config.kafkaProducer(),
                config.kafkaConsumer(),
                config.kafkaAdmin());
    }

    /**
     * Returns how logs are written.
     *
     * @throws WalException with code INVALID if values contradict each other
     */
    static WalSettings settings(NodeConfig config) {
        try {
            return unchecked(config);
        } catch (IllegalArgumentException wrong) {
            throw Problem.of(ErrorCode.INVALID, "use this configuration")
                    .found(String.valueOf(wrong.getMessage()))
                    .cause(wrong)
                    .exception();
        }
    }

    private static WalSettings unchecked(NodeConfig config) {
        return new WalSettings(
                new WalSettings.Lease(
                        config.walRoll(),
                        config.walLongestRoll(),
                        config.walRollBytes(),
                        config.walUncommittedBytes(),
                        config.walSnapshotBytes()),
                new WalSettings.Limits(config.walWindowBytes(), config.walQueueBytes(), config.walRecordMaxBytes()),
                new WalSettings.Timeouts(
                        config.walDeliveryTimeout(),
                        config.walOpenTimeout(),
                        config.walRecoverTimeout(),
                        WalSettings.defaults().timeouts().close(),
                        config.walRivalGrace()),
                switch (config.walAck()) {
                    case REPLICATED -> WalSettings.Ack.REPLICATED;
                    case COMMITTED -> WalSettings.Ack.COMMITTED;
                });
    }

    /** Returns the lifetime's settings. Its limit for an opening is above the longest that wal-kafka itself allows. */
    static LifetimeSettings lifetimes(NodeConfig config) {
        var usual = LifetimeSettings.DEFAULTS;
        var longest = settings(config).timeouts().longestOpening().multipliedBy(2);
        var open = longest.compareTo(usual.openTimeout()) > 0 ? longest : usual.openTimeout();
        return new LifetimeSettings(open, usual.closeTimeout(), usual.workers());
    }
}
