package io.seawall.node.peer;

import io.seawall.wal.PChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The rates at which this node's logs are appended to: acknowledged bytes over the last minute. {@link #sample} is called about
 * every 10 s by one thread; the other methods by any.
 */
public final class AppendRates {
    private static final long WINDOW_NANOS = 60_000_000_000L;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int MOST_SAMPLES = 12; // a caller that samples faster gets a shorter window

    private final Supplier<Set<PChannel>> open;
    private final Supplier<Map<PChannel, Long>> appended;
    private final Consumer<Map<PChannel, Long>> report;
    private final LongSupplier nanoTime;
    private final Map<PChannel, Deque<Sample>> samples = new HashMap<>(); // used by sample alone
    private volatile Map<PChannel, Long> latest = Map.of(); // written by sample, read by any

    private record Sample(long atNanos, long bytes) {}

    /**
     * Creates rates without samples.
     *
     * @param open returns the logs that this node has open; does not block
     * @param appended returns how many bytes were acknowledged so far, of each log that has any; does not block
     * @param report receives the rates of each sample in bytes per second, for this node's own member of the cluster
     * @param nanoTime a monotonic clock
     */
    public AppendRates(
            Supplier<Set<PChannel>> open,
            Supplier<Map<PChannel, Long>> appended,
            Consumer<Map<PChannel, Long>> report,
            LongSupplier nanoTime) {
        this.open = open;
        this.appended = appended;
        this.report = report;
        this.nanoTime = nanoTime;
    }

    /** Measures. A log has a rate from the second sample on that finds it open. */
    public void sample() {
        var now = nanoTime.getAsLong();
        var totals = appended.get();
        var logs = open.get();
        samples.keySet().retainAll(logs);
        var rates = new HashMap<PChannel, Long>();
        for (var log : logs) {
            var known = samples.computeIfAbsent(log, key -> new ArrayDeque<>());
            known.add(new Sample(now, totals.getOrDefault(log, 0L)));
            while (known.size() > MOST_SAMPLES || now - known.getFirst().atNanos() > WINDOW_NANOS) {
                known.removeFirst();
            }
            var first = known.getFirst();
            var last = known.getLast();
            if (last.atNanos() > first.atNanos()) {
                rates.put(log, perSecond(last.bytes() - first.bytes(), last.atNanos() - first.atNanos()));
            }
        }
        latest = Map.copyOf(rates);
        report.accept(latest);
    }

    private static long perSecond(long bytes, long nanos) {
        return Math.round((double) bytes * SECOND_NANOS / nanos);
    }

    /** Returns the rates of the last sample, in bytes per second. */
    public Map<PChannel, Long> latest() {
        return latest;
    }
}
