package io.seawall.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When records are due: at a constant rate, whatever happened to earlier ones. Latency counts from the due time, so that a
 * stall is charged to every record that it delayed, including those that the stalled sender sent late (coordinated omission).
 *
 * @param start when the first record is due
 * @param perSecond how many are due each second
 * @param count the number of records
 */
public record OpenLoop(long start, int perSecond, long count) {
    public static OpenLoop lasting(Duration duration, long start, int perSecond) {
        return new OpenLoop(start, perSecond, perSecond * duration.toMillis() / TimeUnit.SECONDS.toMillis(1));
    }

    /** Returns when a record is due; not a sum of rounded steps, which would drift. */
    public long due(long index) {
        return start + index * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }
}
