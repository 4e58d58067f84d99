package io.seawall.node;

import io.seawall.lifetime.LifetimeSettings;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.config.TopicVerify;
import io.seawall.walkafka.KafkaConnection;
import io.seawall.walkafka.WalSettings;
import java.util.Map;

/** What wal-kafka, and the lifetime around it, are told of a node's configuration. */
final class WalConfig {
    private WalConfig() {}

    /** How to reach Kafka. */
    static KafkaConnection connection(NodeConfig config) {
        return new KafkaConnection(
                config.prefix(),
                config.topicVerify() == TopicVerify.FAIL,
                Map.of(),
                config.kafkaProducer(),
                config.kafkaConsumer(),
                config.kafkaAdmin());
    }

    /** How logs are written. */
    static WalSettings settings(NodeConfig config) {
        return new WalSettings(
                new WalSettings.Lease(
                        config.walRoll(),
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

    /** The lifetime gives an opening up later than wal-kafka itself does, however long that may take. */
    static LifetimeSettings lifetimes(NodeConfig config) {
        var usual = LifetimeSettings.DEFAULTS;
        var longest = settings(config).timeouts().longestOpening().multipliedBy(2);
        var open = longest.compareTo(usual.openTimeout()) > 0 ? longest : usual.openTimeout();
        return new LifetimeSettings(open, usual.closeTimeout(), usual.workers());
    }
}
