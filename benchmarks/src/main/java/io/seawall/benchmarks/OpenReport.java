package io.seawall.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the open benchmark found; its fields are those of the JSON object.
 *
 * @param benchmark {@code open}
 * @param replicas the replication factor
 * @param pchannels how many logs were opened
 * @param openedSeconds from the first call of open to the last log that is available
 * @param retries how many openings failed and were begun again at the next term, within that time
 * @param before this process when nothing was open yet
 * @param opened this process with all logs open and idle
 * @param idleSeconds for how long the processor time was watched then
 * @param idleCpuPercent of one core, by this process
 * @param brokers the brokers in that time, if they are this benchmark's own
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
     * What this process holds.
     *
     * @param threads how many are alive
     * @param heapMib used after a collection
     * @param residentMib by the system's count; null where it does not tell
     */
    public record Footprint(
            int threads, double heapMib, @Nullable Double residentMib) {}

    /**
     * One broker.
     *
     * @param idleCpuPercent of one core
     * @param residentMib by the system's count; null where it does not tell
     */
    public record Broker(double idleCpuPercent, @Nullable Double residentMib) {}
}
