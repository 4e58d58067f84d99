package io.seawall.flusher.history;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The names of one log's segments, as far as they were listed: 8 bytes each. Segments are added only at the end, so listing
 * again starts after the last known one. Thread-safe; lists the store outside the lock.
 */
final class SegmentChain {
    private final SegmentStore store;
    private final PChannel pchannel;
    private long[] firsts = new long[16]; // ascending; guarded by this
    private int size; // guarded by this
    private boolean listed; // guarded by this

    SegmentChain(SegmentStore store, PChannel pchannel) {
        this.store = store;
        this.pchannel = pchannel;
    }

    /** Lists the segments after the last known one. Blocks. */
    void refresh() throws IOException {
        var found = store.list(pchannel, last());
        synchronized (this) {
            listed = true;
            for (var key : found) {
                // Another thread may have listed at the same time.
                if (key.firstLsn() > last()) {
                    add(key.firstLsn());
                }
            }
        }
    }

    /** Lists the segments unless that was done before. Blocks the first time. */
    void listOnce() throws IOException {
        synchronized (this) {
            if (listed) {
                return;
            }
        }
        refresh();
    }

    /** Forgets the list, because it turned out to be wrong. */
    synchronized void reset() {
        size = 0;
        listed = false;
    }

    private void add(long first) {
        if (size == firsts.length) {
            firsts = Arrays.copyOf(firsts, size * 2);
        }
        firsts[size] = first;
        size++;
    }

    private synchronized long last() {
        return size == 0 ? -1 : firsts[size - 1];
    }

    synchronized int size() {
        return size;
    }

    /** Returns the first LSN of the segment at an index below {@link #size}; empty if the chain was reset meanwhile. */
    synchronized OptionalLong first(int place) {
        return place < 0 || place >= size ? OptionalLong.empty() : OptionalLong.of(firsts[place]);
    }

    /** Returns the index of the last segment that begins at or below an LSN; -1 if there is none. */
    synchronized int placeOf(long lsn) {
        var found = Arrays.binarySearch(firsts, 0, size, lsn);
        return found >= 0 ? found : -found - 2;
    }

    SegmentKey key(long first) {
        return new SegmentKey(pchannel, first);
    }
}
