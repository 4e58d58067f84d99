package io.seawall.benchmarks.open;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of the open benchmark; its fields are those of the JSON object.
 *
 * @param benchmark {@code open}
 * @param replicas the replication factor
 * @param pchannels how many logs were opened
 * @param openedSeconds from the first call of open until the last log is available
 * @param retries how many openings failed and were retried at the next term, within that time
 * @param before this process before any log was open
 * @param opened this process with all logs open and idle
 * @param idleSeconds how long the processor time was then measured
 * @param idleCpuPercent of one core, by this process
 * @param brokers the brokers in that time, if the benchmark started them
 */
public record OpenReport(
        String benchmark,
        int replicas,
        int pchannels,
        double openedSeconds,
        long retries,
        Footprint before,
        Footprint opened,
        double idleSeconds,
        double idleCpuPercent,
        List<Broker> brokers) {
    /**
     * The resources of this process.
     *
     * @param threads the number of live threads
     * @param heapMib used after a collection
     * @param residentMib as reported by the system; null if it does not report it
     */
    public record Footprint(
            int threads, double heapMib, @Nullable Double residentMib) {}

    /**
     * The resources of one broker.
     *
     * @param idleCpuPercent of one core
     * @param residentMib as reported by the system; null if it does not report it
     */
    public record Broker(double idleCpuPercent, @Nullable Double residentMib) {}
}
