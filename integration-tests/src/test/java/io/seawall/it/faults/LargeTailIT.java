package io.seawall.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.FrameFault;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.walkafka.KafkaWals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An opening over a connection that is so slow that rewriting the uncommitted records takes longer than
 * {@code wal.open.timeout.ms}.
 */
@Tag("full")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeTailIT {
    private static final int RECORDS = 50;
    private static final int RECORD_BYTES = 100 * 1024;
    private static final Duration OPEN = Duration.ofSeconds(10);
    private static final Duration DELAY = Duration.ofMillis(1_500);
    private static final int DELAYS = 10;

    private static FaultyKafka kafka;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(1, brokers -> brokers);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void anOpeningThatGetsFurtherHasTheTimeThatItsBytesNeed() {
        var first = kafka.directly("first", QuickSettings.rolling(Duration.ofHours(1)));
        var pchannel = kafka.create(first, "large-tail");
        var old = FaultyKafka.open(first, pchannel, 1);
        var appends = IntStream.range(0, RECORDS)
                .mapToObj(each -> old.append(new byte[RECORD_BYTES]))
                .toList();
        appends.forEach(CompletableFuture::join);
        var second = kafka.throughProxy("second", QuickSettings.openingWithin(OPEN));
        // The first answer is that to the claim.
        var delays = IntStream.range(0, DELAYS)
                .mapToObj(each -> kafka.proxy()
                        .plant(FrameFault.delay(Direction.ANSWER, ApiKeys.PRODUCE, DELAY)
                                .ofClient("second")
                                .nth(2 + each)))
                .toList();
        var begun = System.nanoTime();

        try (var successor = FaultyKafka.open(second, pchannel, 2)) {
            var took = Duration.ofNanos(System.nanoTime() - begun);

            assertThat(delays).allMatch(FrameFault::hasStruck);
            assertThat(took).as("time of the opening").isGreaterThan(OPEN);
            assertThat(successor.tail()).isEqualTo(RECORDS);
            assertThat(committed(second, successor.pchannel()))
                    .extracting(LogRecord::lsn)
                    .containsExactlyElementsOf(
                            LongStream.range(0, RECORDS).boxed().toList());
            System.out.println("opened in " + took + ", with a timeout of " + OPEN);
        }
    }

    private static List<LogRecord> committed(KafkaWals node, PChannel pchannel) {
        try (var reader = node.readers().open(pchannel, StartPosition.oldest(), View.COMMITTED)) {
            var all = new ArrayList<LogRecord>();
            while (reader.nextLsn() < RECORDS) {
                all.addAll(reader.poll(RECORDS, Duration.ofSeconds(5)));
            }
            return all;
        }
    }
}
