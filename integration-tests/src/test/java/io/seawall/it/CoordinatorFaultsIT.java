package io.seawall.it;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The transaction coordinator is away, and nobody takes its place: its broker stands still and counts as alive. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CoordinatorFaultsIT {
    /** As long as the issue of this asks for; shorter than the session that the controller waits out. */
    private static final Duration STOPPED = Duration.ofSeconds(50);

    private static final Duration BEFORE_TAKEOVER = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final TopicPartition COORDINATED = new TopicPartition("__transaction_state", 0);
    private static final long ROLL_BYTES = 256 * 1024;
    private static final long CAP_BYTES = 2 * 1024 * 1024;
    private static final int RECORD_BYTES = 1024;
    private static final int PER_SECOND = 500;

    private static FaultyKafka kafka;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(
                3,
                brokers -> brokers.property("transaction.state.log.num.partitions", "1")
                        .property("broker.session.timeout.ms", "90000"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }
}
