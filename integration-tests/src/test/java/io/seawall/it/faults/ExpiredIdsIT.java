package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.open;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An idle log whose transactional ids Kafka expires, after seconds here and after days elsewhere: T17 of docs/faults.md. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class ExpiredIdsIT {
    @Test
    void anIdleOwnerWhoseIdsExpiredGoesOnAtTheNextAppend() {
        try (var kafka = FaultyKafka.start(
                1,
                brokers -> brokers.property("transactional.id.expiration.ms", "2000")
                        .property("transaction.remove.expired.transaction.cleanup.interval.ms", "500")
                        .property("producer.id.expiration.ms", "1000")
                        .property("offsets.retention.minutes", "1"))) {
            var node = kafka.throughProxy("node");
            var pchannel = kafka.create(node, "idle");
            var appends = new Appends(pchannel);
            try (var wal = open(node, pchannel, 1)) {
                for (var round = 1; round <= 2; round++) {
                    appends.appendEach(wal, "round" + round + "-", 5);
                    kafka.awaitForgotten(pchannel, "a");
                    kafka.awaitForgotten(pchannel, "b");
                }
                appends.appendEach(wal, "end", 5);
                assertThat(wal.epoch()).as("recoveries").isEqualTo(2);
                assertThat(wal.term()).isEqualTo(1);
            }
            assertThat(Verdict.of(kafka, appends)).hasSize(15);
        }
    }
}
