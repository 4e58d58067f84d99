package io.seawall.benchmarks.takeover;

import io.seawall.benchmarks.measure.Clock;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Records when the fence of an opening begins: wal-kafka creates the producer of lane A right before its first
 * initTransactions, so the recorded time is early by the creation of one producer, and never late.
 */
final class FenceWatch implements Consumer<Map<String, Object>> {
    private static final String FIRST_LANE = "-a";

    private final Clock clock;
    private volatile long begun; // written by the opening's thread, read after the opening
    private volatile boolean armed;

    FenceWatch(Clock clock) {
        this.clock = clock;
    }

    /** Makes the watch record the next fence. */
    void arm() {
        armed = true;
    }

    @Override
    public void accept(Map<String, Object> settings) {
        var id = String.valueOf(settings.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG));
        if (armed && id.endsWith(FIRST_LANE)) {
            begun = clock.nanos();
            armed = false;
        }
    }

    /** Returns when the first fence since {@link #arm} began. */
    long begun() {
        if (armed) {
            throw new IllegalStateException("an opening ended without the producer of its first lane");
        }
        return begun;
    }
}
