package io.seawall.flusher.history;

import java.util.concurrent.atomic.LongAdder;

/** Counts what is read back, for metrics. Thread-safe. */
final class SegmentReadCounters {
    final LongAdder records = new LongAdder();
    final LongAdder fetchedBytes = new LongAdder();
    final LongAdder verified = new LongAdder();
    final LongAdder hits = new LongAdder();
    final LongAdder damaged = new LongAdder();

    SegmentReadStats snapshot(long cachedBytes) {
        return new SegmentReadStats(
                records.sum(), fetchedBytes.sum(), verified.sum(), hits.sum(), damaged.sum(), cachedBytes);
    }
}
