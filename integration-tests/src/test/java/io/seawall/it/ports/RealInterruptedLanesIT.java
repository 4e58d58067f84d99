package io.seawall.it.ports;

import io.seawall.it.faults.FaultyKafka;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.runtime.KafkaRuntime;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** The contract of interrupted lanes on a real broker that expires transactions and ids soon. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class RealInterruptedLanesIT extends InterruptedLanesContract {
    private static FaultyKafka kafka;
    private static KafkaRuntime steady;
    private static KafkaRuntime hasty;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(
                1,
                brokers -> brokers.property("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200")
                        .property("transactional.id.expiration.ms", "4000")
                        .property("transaction.remove.expired.transaction.cleanup.interval.ms", "300"));
        kafka.lowerTransactionTimeout(Duration.ofMillis(500), "hasty");
        steady = connect("contract");
        hasty = connect("hasty");
    }

    private static KafkaRuntime connect(String node) {
        return new KafkaRuntime(kafka.connectionThroughProxy(), WalSettings.defaults(), NodeIdentity.withoutUrl(node));
    }

    @AfterAll
    static void stop() {
        steady.close();
        hasty.close();
        kafka.close();
    }

    @Override
    InterruptibleKafka kafka() {
        return new Real();
    }

    private static final class Real extends RealContractKafka implements InterruptibleKafka {
        Real() {
            super(steady, kafka.admin(), kafka.prefix());
        }

        @Override
        public Ports hastyPorts() {
            return hasty.ports();
        }

        @Override
        public void forgetIds(PChannel pchannel, Lane lane) {
            kafka.awaitForgotten(pchannel, lane.suffix());
        }

        @Override
        public void loseCoordinators() {
            kafka.broker(0).restart();
        }
    }
}
