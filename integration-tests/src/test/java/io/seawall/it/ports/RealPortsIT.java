package io.seawall.it.ports;

import io.seawall.it.kit.TestKafka;
import io.seawall.walkafka.KafkaWals;
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
    private static KafkaWals wals;
    private static Admin admin;

    @BeforeAll
    static void start() {
        brokers = TestKafka.start();
        wals = brokers.connect("contract");
        admin = Admin.create(Map.<String, Object>of("bootstrap.servers", brokers.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        wals.close();
        admin.close(Duration.ofSeconds(1));
        brokers.close();
    }

    @Override
    ContractKafka kafka() {
        return new RealContractKafka(wals, admin, brokers.prefix());
    }
}
