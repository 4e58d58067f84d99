package io.seawall.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When records are due: evenly, whatever became of those before. Latency counts from the due time, so that a stall is charged to
 * every record that it held up, also to those that the stalled sender sent late (coordinated omission).
 *
 * @param start when the first is due
 * @param perSecond how many are due each second
 * @param count how many there are
 */
record OpenLoop(long start, int perSecond, long count) {
    static OpenLoop lasting(Duration duration, long start, int perSecond) {
        return new OpenLoop(start, perSecond, perSecond * duration.toMillis() / TimeUnit.SECONDS.toMillis(1));
    }

    /** When a record is due; not a sum of rounded steps, which would drift. */
    long due(long index) {
        return start + index * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }
}
