package io.seawall.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The throughput of one side.
 *
 * @param records the number of records
 * @param seconds from the start to the last answer
 * @param mbPerSecond 10^6 bytes of values per second
 * @param clientMicrosPerRecord processor time of this process for each record, in microseconds: stays meaningful when other
 *     programs use the machine too
 */
public record Throughput(long records, double seconds, double mbPerSecond, double clientMicrosPerRecord) {
    private static final double MEGABYTE = 1e6;
    private static final double NANOS_PER_MICRO = 1e3;

    /** Enough to keep both sides busy, and less than the queue of either. */
    private static final int IN_FLIGHT_BYTES = 16 << 20;

    static Throughput of(long records, long nanos, Duration cpu) {
        var seconds = nanos / (double) TimeUnit.SECONDS.toNanos(1);
        return new Throughput(
                records,
                seconds,
                records * (double) Payloads.RECORD_BYTES / MEGABYTE / seconds,
                cpu.toNanos() / NANOS_PER_MICRO / records);
    }

    /** Appends for some time, as fast as answers come. */
    public static Throughput ofAppends(AppendTarget load, Duration duration, Clock clock) {
        var payloads = new Payloads();
        var inFlight = new InFlightLimit(IN_FLIGHT_BYTES / Payloads.RECORD_BYTES);
        var cpu = ProcessFacts.ownCpu();
        var start = clock.nanos();
        var end = start + duration.toNanos();
        while (clock.nanos() < end) {
            inFlight.beforeSend();
            load.append(payloads.next(), inFlight);
        }
        load.flush();
        inFlight.drain(clock);
        return of(inFlight.sent(), clock.nanos() - start, ProcessFacts.ownCpu().minus(cpu));
    }
}
