package io.seawall.flusher;

import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.WalReaders;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What every worker of a flusher shares; all of it is thread-safe.
 *
 * @param store where segments go
 * @param readers where records come from
 * @param settings the flusher's settings
 * @param spool where segments are written, with its budget
 * @param memory the budget of all pchannels
 * @param events receives what the flusher does
 * @param clock the time of day, for the ages of records
 * @param nanoTime a clock that never jumps, in nanoseconds, for pauses and waits
 * @param random for the sync markers of files
 */
@SuppressWarnings("TooManyParameters") // holds all shared parts
record FlushTools(
        SegmentStore store,
        WalReaders readers,
        FlusherSettings settings,
        Spool spool,
        MemoryBudget memory,
        FlusherEvents events,
        InstantSource clock,
        LongSupplier nanoTime,
        RandomGenerator random) {

    /**
     * Opens the spool and creates the budgets.
     *
     * @throws io.seawall.wal.OperatorException with {@link io.seawall.wal.ErrorCode#INTERNAL} if the spool folder cannot be
     *     used
     */
    static FlushTools open(
            SegmentStore store,
            WalReaders readers,
            FlusherSettings settings,
            FlusherEvents events,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random) {
        return new FlushTools(
                store,
                readers,
                settings,
                Spool.open(settings.spooling()),
                new MemoryBudget(settings.memory(), settings.work().threads()),
                events,
                clock,
                nanoTime,
                random);
    }

    /** Returns milliseconds since an arbitrary origin, which may be negative; never jumps. */
    long elapsedMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }
}
