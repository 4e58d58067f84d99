package io.seawall.node.tail;

import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log in order for one client, from any start on:
 *
 * <pre>
 *              the shared tail has the next record, or this reader gets to the tail first
 *     own  ---------------------------------------------------------------------------------&gt;  shared
 *          &lt;---------------------------------------------------------------------------------
 *              the shared tail has dropped the next record
 * </pre>
 *
 * <p>With a reader of its own it blocks ({@link #poll}); while it shares, it does not ({@link #take}). Only the next LSN, and the last
 * record for a check, pass from one to the other. Used by one thread at a time, except for {@link #hasMore}.
 */
public final class TailingReader implements AutoCloseable {
    /** How old the known tail may get while records come in at the tail: asking for it may be a request to Kafka. */
    static final Duration FRESH = Duration.ofSeconds(1);

    /** How old the known bounds may get while none come. */
    static final Duration IDLE_FRESH = Duration.ofSeconds(5);

    private final Tails tails;
    private final WalReaders readers;
    private final PChannel pchannel;
    private final View view;
    private final Runnable changed;
    private LatePatience patience;
    private boolean sharing; // whether to share a tail
    private String logId = ""; // known if this reader shares
    private @Nullable WalReader own;
    private @Nullable TailMember member;
    private long next;
    private @Nullable LogRecord last;
    private LogBounds bounds = new LogBounds(0, 0);
    private long boundsNanos;
    private boolean caughtUp;

    private TailingReader(Tails tails, PChannel pchannel, View view, boolean sharing, Runnable changed) {
        this.tails = tails;
        this.readers = tails.readers();
        this.pchannel = pchannel;
        this.view = view;
        this.sharing = sharing;
        this.changed = changed;
        this.patience = new LatePatience(pchannel, nowNanos());
    }

    /**
     * Opens a reader. Blocks.
     *
     * @param tails the shared tails
     * @param pchannel the log
     * @param from where to start
     * @param view which records are visible
     * @param sharing whether to share a tail; a read that ends at the tail should not, since it has to ask Kafka for the tail itself
     * @param changed see {@link Tails}; called while the reader shares a tail
     * @throws io.seawall.wal.WalException as {@link WalReaders#open}
     */
    public static TailingReader open(
            Tails tails, PChannel pchannel, StartPosition from, View view, boolean sharing, Runnable changed) {
        var reader = new TailingReader(tails, pchannel, view, sharing, changed);
        try {
            reader.begin(from);
            return reader;
        } catch (RuntimeException error) {
            reader.close();
            throw error;
        }
    }

    private void begin(StartPosition from) {
        if (sharing) {
            logId = readers.logId(pchannel); // before the opening, so that a change in between is noticed
            if (tails.has(key()) && joins(from)) {
                return;
            }
        }
        next = open(from).nextLsn();
        updateBounds();
        if (next >= bounds.tail()) {
            share(true);
        }
    }

    private WalReader open(StartPosition from) {
        var opened = readers.open(pchannel, from, view);
        own = opened;
        patience = new LatePatience(pchannel, nowNanos());
        return opened;
    }

    /** Begins at the shared tail if the start is there. That needs no reader of its own, however many clients come at once. */
    private boolean joins(StartPosition from) {
        if (from instanceof StartPosition.Tail) {
            updateBounds();
            var tail = tails.joinAtTail(key(), bounds.tail(), changed);
            if (tail != null) {
                next = tail.nextLsn();
                member = tail;
            }
        } else if (from instanceof StartPosition.AtLsn at) {
            updateBounds();
            if (at.lsn() >= bounds.oldest()) { // or it was trimmed, though the tail may still have it
                next = at.lsn();
                member = tails.join(key(), next, null, changed);
            }
        }
        return isShared();
    }

    /** Returns whether it takes from a shared tail now. */
    public boolean isShared() {
        return member != null;
    }

    public PChannel pchannel() {
        return pchannel;
    }

    /** Returns the LSN of the next record that it returns. */
    public long nextLsn() {
        return next;
    }

    /** Returns whether it has returned all records up to the known tail. */
    public boolean isAtTail() {
        return next >= bounds().tail();
    }

    /** Returns the bounds of the log as last seen, by this reader or the shared one; the tail is never below what was read. */
    public LogBounds bounds() {
        var shared = member;
        var seen = shared == null ? bounds : shared.bounds();
        return new LogBounds(
                Math.max(seen.oldest(), bounds.oldest()), Math.max(Math.max(seen.tail(), bounds.tail()), next));
    }

    /** Asks for the bounds of the log. Blocks; does nothing while it shares a tail, which does that itself. */
    public void updateBounds() {
        if (!isShared()) {
            bounds = readers.bounds(pchannel, view);
            boundsNanos = nowNanos();
        }
    }

    /**
     * Returns the next records from a reader of its own; waits for at most {@code wait} if there are none. Blocks. May share a tail
     * afterwards. Not to be called while it does.
     *
     * @throws io.seawall.wal.WalException as {@link WalReader#poll}, or UNAVAILABLE if a record that is known to exist does not come
     */
    public List<RecordSlice> poll(PollLimits limits, Duration wait) {
        var reader = own;
        if (reader == null) { // it fell behind the shared tail
            reader = open(StartPosition.atLsn(next));
            updateBounds();
        }
        var records = reader.poll(limits, wait);
        var nowNanos = nowNanos();
        patience.check(!records.isEmpty(), nowNanos, reader.nextLsn(), bounds.tail());
        if (records.isEmpty()) {
            share(isAtTail());
            return List.of();
        }
        last = records.get(records.size() - 1);
        next = reader.nextLsn();
        // Under load a reader hardly ever has all records there are: it is enough to have those of a moment ago.
        var reached = isAtTail() && nowNanos - boundsNanos < FRESH.toNanos();
        // There may be more; and a read that ends at the tail, which does not share, needs the true one.
        if (isAtTail() && (!caughtUp || !sharing || nowNanos - boundsNanos >= FRESH.toNanos())) {
            updateBounds();
        }
        caughtUp = isAtTail();
        share(reached);
        var batch = new Batch(records, (grown, bytes) -> {});
        return List.of(new RecordSlice(batch, 0, batch.count()));
    }

    /**
     * Shares the tail if it has the next record.
     *
     * @param atTail whether this reader is at the tail, so that it can begin a shared one
     */
    private void share(boolean atTail) {
        var reader = own;
        if (!sharing || reader == null) {
            return;
        }
        var key = key();
        var joined = tails.join(key, next, last, changed);
        if (joined != null) {
            member = joined;
            own = null;
            reader.close();
        } else if (atTail && tails.hasRoomFor(key)) {
            if (readers.logId(pchannel).equals(logId)) {
                member = tails.begin(key, reader, last, bounds, changed);
                own = isShared() ? null : reader;
            } else {
                sharing = false; // the log was created again; its reader notices that
            }
        }
    }

    /** Returns whether {@link #take} has something to do. May be called from {@code changed}, if the tail is shared. Does not block. */
    public boolean hasMore() {
        var shared = member;
        return shared == null || shared.hasMore();
    }

    /**
     * Returns the next records of the shared tail. Does not block. Not to be called while it has a reader of its own.
     *
     * @return empty if there are none, or if it fell behind: then {@link #isShared} is false and {@link #poll} goes on
     * @throws RuntimeException the error of the shared reader, after all records before it
     */
    public List<RecordSlice> take(PollLimits limits) {
        var shared = member;
        if (shared == null) {
            throw new IllegalStateException("take needs a shared tail; " + pchannel + " has none here");
        }
        var taken = shared.take(limits);
        if (taken == null) {
            tails.countBehind();
            bounds = shared.bounds();
            caughtUp = false;
            shared.leave();
            member = null;
            return List.of();
        }
        for (var slice : taken) {
            next += slice.count();
            last = slice.last();
        }
        return taken;
    }

    private TailKey key() {
        return new TailKey(pchannel, view, logId);
    }

    private long nowNanos() {
        return tails.nanoTime().getAsLong();
    }

    /** Closes the reader of its own, or leaves the shared tail. */
    @Override
    public void close() {
        var shared = member;
        if (shared != null) {
            shared.leave();
        }
        var reader = own;
        if (reader != null) {
            reader.close();
        }
    }
}
