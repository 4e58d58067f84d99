package io.seawall.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * A latency distribution, in milliseconds.
 *
 * @param samples the number of samples
 * @param p50Ms the median
 * @param p99Ms the 99th percentile
 * @param p999Ms the 99.9th percentile
 * @param maxMs the maximum
 */
public record Latency(long samples, double p50Ms, double p99Ms, double p999Ms, double maxMs) {
    private static final int DIGITS = 3;
    private static final int IN_FLIGHT_RECORDS = 65_536;
    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Returns an empty histogram of nanoseconds; thread-safe. */
    public static ConcurrentHistogram histogram() {
        var histogram = new ConcurrentHistogram(DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    public static Latency of(AbstractHistogram nanos) {
        return new Latency(
                nanos.getTotalCount(),
                at(nanos, 50),
                at(nanos, 99),
                at(nanos, 99.9),
                nanos.getMaxValue() / NANOS_PER_MS);
    }

    private static double at(AbstractHistogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / NANOS_PER_MS;
    }

    /** Appends in an open loop; measures each append from when it was due until it was answered. */
    public static Latency ofAppends(AppendTarget load, int perSecond, Duration duration, Clock clock) {
        var payloads = new Payloads();
        var inFlight = new InFlightLimit(IN_FLIGHT_RECORDS);
        var histogram = histogram();
        var loop = OpenLoop.lasting(duration, clock.nanos(), perSecond);
        for (var index = 0L; index < loop.count(); index++) {
            var due = loop.due(index);
            clock.await(due);
            inFlight.beforeSend();
            load.append(payloads.next(), error -> {
                histogram.recordValue(clock.nanos() - due);
                inFlight.on(error);
            });
        }
        load.flush();
        inFlight.drain(clock);
        return of(histogram);
    }
}
