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
 * @param spool where segments are written
 * @param clock for ages and pauses
 * @param random for the marks between the blocks of a file
 */
record FlushTools(
        SegmentStore store,
        WalReaders readers,
        FlusherSettings settings,
        Spool spool,
        InstantSource clock,
        RandomGenerator random) {}
