package io.seawall.flusher;

import io.seawall.wal.WalReaders;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What every worker of a flusher needs; all of it may be used from any thread.
 *
 * @param store where segments go
 * @param readers where records come from
 * @param settings how to work
 * @param spool where segments are written, and the budget for that
 * @param memory the budget of all pchannels
 * @param events told of what is done
 * @param clock for ages and pauses
 * @param random for the marks between the blocks of a file
 */
@SuppressWarnings("TooManyParameters") // the one place that has them all
record FlushTools(
        SegmentStore store,
        WalReaders readers,
        FlusherSettings settings,
        Spool spool,
        MemoryBudget memory,
        FlusherEvents events,
        InstantSource clock,
        RandomGenerator random) {

    /**
     * Opens the spool, and makes the budgets.
     *
     * @throws io.seawall.wal.OperatorException with {@link io.seawall.wal.ErrorCode#INTERNAL} if the spool folder cannot be used
     */
    static FlushTools open(
            SegmentStore store,
            WalReaders readers,
            FlusherSettings settings,
            FlusherEvents events,
            InstantSource clock,
            RandomGenerator random) {
        return new FlushTools(
                store,
                readers,
                settings,
                Spool.open(settings.spooling()),
                new MemoryBudget(settings.memory(), settings.work().threads()),
                events,
                clock,
                random);
    }
}
