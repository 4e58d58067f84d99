package io.seawall.it.ports;

import io.seawall.it.kit.TestKafka;
import io.seawall.walkafka.internal.runtime.KafkaRuntime;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The contract of the ports on real brokers. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealPortsIT extends PortsContract {
    private static TestKafka brokers;
    private static KafkaRuntime kafka;
    private static Admin admin;

    @BeforeAll
    static void start() {
        brokers = TestKafka.start();
        kafka = new KafkaRuntime(brokers.connection(), WalSettings.defaults(), NodeIdentity.withoutUrl("contract"));
        admin = Admin.create(Map.<String, Object>of("bootstrap.servers", brokers.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        kafka.close();
        admin.close(Duration.ofSeconds(1));
        brokers.close();
    }

    @Override
    ContractKafka kafka() {
        return new RealContractKafka(kafka, admin, brokers.prefix());
    }
}
