package io.seawall.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AppendRatesTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final PChannel IDLE = new PChannel("idle", 0);

    private final Set<PChannel> open = new TreeSet<>();
    private final Map<PChannel, Long> appended = new HashMap<>();
    private final List<Map<PChannel, Long>> reported = new ArrayList<>();
    private long nowNanos = 5;
    private final AppendRates rates = new AppendRates(() -> open, () -> appended, reported::add, () -> nowNanos);

    private Map<PChannel, Long> sampleAfter(Duration time) {
        nowNanos += time.toNanos();
        rates.sample();
        assertThat(reported.get(reported.size() - 1)).isEqualTo(rates.latest());
        return rates.latest();
    }

    @Test
    void aLogHasARateFromTheSecondSampleOn() {
        open.add(ORDERS);
        open.add(IDLE);
        appended.put(ORDERS, 1_000_000L); // before it was looked at

        assertThat(sampleAfter(Duration.ZERO)).isEmpty();
        appended.put(ORDERS, 1_050_000L);

        assertThat(sampleAfter(Duration.ofSeconds(10))).isEqualTo(Map.of(ORDERS, 5_000L, IDLE, 0L));
    }

    @Test
    void theLastMinuteCounts() {
        open.add(ORDERS);
        sampleAfter(Duration.ZERO);
        appended.put(ORDERS, 600_000L);
        assertThat(sampleAfter(Duration.ofSeconds(10))).containsEntry(ORDERS, 60_000L);

        for (var at = 20; at <= 60; at += 10) {
            sampleAfter(Duration.ofSeconds(10));
        }
        assertThat(rates.latest()).containsEntry(ORDERS, 10_000L);

        assertThat(sampleAfter(Duration.ofSeconds(10))).containsEntry(ORDERS, 0L);
    }

    @Test
    void aLogThatIsNotOpenHasNoRateAndBeginsAnew() {
        open.add(ORDERS);
        sampleAfter(Duration.ZERO);
        appended.put(ORDERS, 10_000L);
        assertThat(sampleAfter(Duration.ofSeconds(10))).containsEntry(ORDERS, 1_000L);
        open.clear();
        assertThat(sampleAfter(Duration.ofSeconds(10))).isEmpty();

        open.add(ORDERS);

        assertThat(sampleAfter(Duration.ofSeconds(10))).isEmpty();
        assertThat(sampleAfter(Duration.ofSeconds(10))).containsEntry(ORDERS, 0L);
    }

    @Test
    void manyRatesGoIntoSeveralLinesThatReadersTake() throws Exception {
        var many = new HashMap<PChannel, Long>();
        for (var partition = 0; partition < 1_234; partition++) {
            many.put(new PChannel("a".repeat(100), partition), Long.MAX_VALUE - partition);
        }

        var lines = PeerLines.rates(many);

        var read = new HashMap<PChannel, Long>();
        for (var line : lines) {
            assertThat(line.length - 1).isLessThan(PeerLines.MOST_BYTES);
            assertThat(line[line.length - 1]).isEqualTo((byte) '\n');
            read.putAll(PeerLines.parse(Arrays.copyOf(line, line.length - 1)).rates());
        }
        assertThat(lines).hasSize(3);
        assertThat(read).isEqualTo(many);
    }

    @Test
    void readersIgnoreMembersThatTheyDoNotKnow() throws Exception {
        var line = "{\"new\":{\"a\":[1]},\"node\":\"n2\",\"rates\":{\"orders-0\":3},\"incarnation\":\"x\",\"b\":null}";

        var read = PeerLines.parse(line.getBytes(StandardCharsets.UTF_8));

        assertThat(read).isEqualTo(new PeerLines.Line("n2", "x", Map.of(ORDERS, 3L)));
    }
}
