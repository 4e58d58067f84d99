package io.seawall.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How long something took, in milliseconds.
 *
 * @param samples how many there were
 * @param p50Ms half were faster
 * @param p99Ms 99 % were
 * @param p999Ms 99.9 % were
 * @param maxMs the slowest
 */
public record Latency(long samples, double p50Ms, double p99Ms, double p999Ms, double maxMs) {
    private static final int DIGITS = 3;
    private static final int IN_FLIGHT_RECORDS = 65_536;
    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    /** An empty histogram of nanoseconds, for any thread. */
    static ConcurrentHistogram histogram() {
        var histogram = new ConcurrentHistogram(DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    static Latency of(AbstractHistogram nanos) {
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

    /** Appends in an open loop; each counts from when it was due to when its answer came. */
    static Latency ofAppends(Load load, int perSecond, Duration duration, Clock clock) {
        var payloads = new Payloads();
        var inFlight = new InFlight(IN_FLIGHT_RECORDS);
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
        inFlight.drain(clock);
        return of(histogram);
    }
}
