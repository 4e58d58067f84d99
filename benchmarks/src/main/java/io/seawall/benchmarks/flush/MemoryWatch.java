package io.seawall.benchmarks.flush;

import io.seawall.benchmarks.measure.ProcessFacts;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Samples the memory of this process twice a second and keeps the maximum. */
final class MemoryWatch implements AutoCloseable {
    private static final long PERIOD_MS = 500;
    private static final double BYTES_PER_MIB = 1 << 20;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "seawall-memory-watch");
        thread.setDaemon(true);
        return thread;
    });

    // Written by the timer, read by any thread.
    private volatile double mostHeapMib;
    private volatile @Nullable Double mostResidentMib;

    MemoryWatch() {
        var unused = timer.scheduleWithFixedDelay(this::sample, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void sample() {
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        mostHeapMib = Math.max(mostHeapMib, heap.getUsed() / BYTES_PER_MIB);
        var resident = ProcessFacts.residentMib(ProcessHandle.current().pid());
        var before = mostResidentMib;
        mostResidentMib = before == null || resident == null ? resident : Double.valueOf(Math.max(before, resident));
    }

    /** Returns the most heap in use, garbage included, in MiB. */
    double mostHeapMib() {
        return mostHeapMib;
    }

    /** Returns the most resident memory, in MiB; null if the system does not provide it. */
    @Nullable
    Double mostResidentMib() {
        return mostResidentMib;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
