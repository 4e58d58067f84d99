package io.seawall.node.tail;

import io.seawall.wal.LogBounds;
import io.seawall.wal.PollLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The place of one reader in a shared tail. The tail guards it; no method blocks. */
final class TailMember {
    private final Tail tail;
    private final Runnable changed;
    private long here; // guarded by the tail

    /**
     * Creates a place.
     *
     * @param here the LSN of the next record to take
     * @param changed called after each change, see {@link Tails}
     */
    TailMember(Tail tail, long here, Runnable changed) {
        this.tail = tail;
        this.here = here;
        this.changed = changed;
    }

    /** Returns the LSN of the next record to take; the caller holds the tail's lock. */
    long here() {
        return here;
    }

    /** Moves on; the caller holds the tail's lock. */
    void moveTo(long lsn) {
        here = lsn;
    }

    /** Returns the LSN of the next record to take. */
    long nextLsn() {
        return tail.placeOf(this);
    }

    /** Calls the listener, without a lock. */
    void tell() {
        changed.run();
    }

    /** Returns whether {@link #take} would return anything but an empty list. */
    boolean hasMore() {
        return tail.hasMore(this);
    }

    /**
     * Takes the next records.
     *
     * @return the records, empty if there are none; null if they were dropped before this reader took them
     * @throws RuntimeException the error that ended the tail, after all records before it
     */
    @Nullable
    List<RecordSlice> take(PollLimits limits) {
        return tail.take(this, limits);
    }

    /** Returns the bounds of the log as the tail last saw them. */
    LogBounds bounds() {
        return tail.bounds();
    }

    /** Leaves the tail. May be called more than once. */
    void leave() {
        tail.leave(this);
    }
}
