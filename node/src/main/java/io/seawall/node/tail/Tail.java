package io.seawall.node.tail;

import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PollLimits;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log for all its readers at the tail. One thread calls {@link #step} again and again, and alone uses the reader; the
 * members take what it has read from any thread. The lock guards the fields below it; nobody waits or calls a listener while holding
 * it.
 */
final class Tail {
    /** What one poll of the reader may return: a message of gRPC, so that members seldom have to cut batches. */
    private static final PollLimits POLL = new PollLimits(5_000, 256 << 10);

    private final TailKey key;
    private final WalReader reader;
    private final Shared shared;
    private final LatePatience patience; // this and the next field are used by the thread that calls step
    private long boundsNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final RecentBatches recent;
    private final Set<TailMember> members = new LinkedHashSet<>();
    private long unusedSinceNanos;
    private LogBounds bounds;
    private @Nullable RuntimeException failure; // thrown to each member once it has taken all records
    private boolean over; // nobody may join any more

    /**
     * What the tails of a node share.
     *
     * @param readers returns the bounds of logs
     * @param limits the limits of one tail
     * @param nanoTime a monotonic clock
     * @param onOver called without a lock when nobody may join a tail any more
     */
    record Shared(WalReaders readers, TailLimits limits, LongSupplier nanoTime, Consumer<Tail> onOver) {}

    /**
     * Creates a tail without members.
     *
     * @param reader reads on from where it is; closed by the tail
     * @param last the record before that, or null if it is not known
     * @param bounds the bounds of the log, as known a moment ago
     */
    Tail(TailKey key, WalReader reader, @Nullable LogRecord last, LogBounds bounds, Shared shared) {
        this.key = key;
        this.reader = reader;
        this.shared = shared;
        this.bounds = bounds;
        this.recent = new RecentBatches(shared.limits().bytes(), reader.nextLsn(), last);
        var nowNanos = shared.nanoTime().getAsLong();
        this.patience = new LatePatience(key.pchannel(), nowNanos);
        this.unusedSinceNanos = nowNanos;
        this.boundsNanos = nowNanos;
    }

    TailKey key() {
        return key;
    }

    /**
     * Reads what there is, or waits for it for at most {@link Tails#BEAT}, and then tells the members. Blocks.
     *
     * @return whether to call it again
     */
    boolean step() {
        if (isOver() || endsUnused()) {
            return false;
        }
        try {
            var records = reader.poll(POLL, Tails.BEAT);
            if (!records.isEmpty()) {
                add(records);
            }
            check(!records.isEmpty());
        } catch (RuntimeException error) {
            fail(error);
            return false;
        }
        tell();
        return !isOver();
    }

    private void add(List<LogRecord> records) {
        var batch = new Batch(records, this::grew);
        lock.lock();
        try {
            recent.add(batch);
        } finally {
            lock.unlock();
        }
    }

    private void grew(Batch batch, long bytes) {
        lock.lock();
        try {
            recent.grew(batch, bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Asks for the bounds if they are old, and whether a record that is known to exist is missing for too long. */
    private void check(boolean moved) {
        var nowNanos = shared.nanoTime().getAsLong();
        if (nowNanos - boundsNanos >= (moved ? TailingReader.FRESH : TailingReader.IDLE_FRESH).toNanos()) {
            boundsNanos = nowNanos;
            var asked = shared.readers().bounds(key.pchannel(), key.view());
            lock.lock();
            try {
                bounds = asked;
            } finally {
                lock.unlock();
            }
        }
        patience.check(moved, nowNanos, reader.nextLsn(), bounds().tail());
    }

    /** Ends the tail if it had no members for a while. */
    private boolean endsUnused() {
        lock.lock();
        try {
            var idleNanos = shared.nanoTime().getAsLong() - unusedSinceNanos;
            if (!members.isEmpty() || idleNanos < shared.limits().linger().toNanos()) {
                return false;
            }
            over = true;
        } finally {
            lock.unlock();
        }
        shared.onOver().accept(this);
        reader.close();
        return true;
    }

    /** Ends the tail: each member gets the error after the records before it. Does nothing if the tail has ended. */
    void fail(RuntimeException error) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            failure = error;
        } finally {
            lock.unlock();
        }
        shared.onOver().accept(this); // before the members hear of it, so that those that come again find no dead tail
        reader.close();
        tell();
    }

    private boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    private void tell() {
        List<TailMember> all;
        lock.lock();
        try {
            all = List.copyOf(members);
        } finally {
            lock.unlock();
        }
        all.forEach(TailMember::tell);
    }

    /**
     * Lets a reader go on here.
     *
     * @param next the LSN that it reads next
     * @param last its last record, or null if it has read none
     * @param changed see {@link Tails}
     * @return null if the tail has ended, does not have the record, or is not what the reader has read before
     */
    @Nullable
    TailMember join(long next, @Nullable LogRecord last, Runnable changed) {
        lock.lock();
        try {
            var fits = !over && recent.isNear(next) && (last == null || recent.continues(last));
            return fits ? admitted(next, changed) : null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a reader begin at the log's tail.
     *
     * @param tail the tail as the reader knows it; it may lie above what was read here so far
     * @param changed see {@link Tails}
     * @return null if the tail has ended
     */
    @Nullable
    TailMember joinAtTail(long tail, Runnable changed) {
        lock.lock();
        try {
            return over ? null : admitted(Math.max(tail, recent.nextLsn()), changed);
        } finally {
            lock.unlock();
        }
    }

    private TailMember admitted(long next, Runnable changed) {
        var member = new TailMember(this, next, changed);
        members.add(member);
        return member;
    }

    void leave(TailMember member) {
        lock.lock();
        try {
            if (members.remove(member) && members.isEmpty()) {
                unusedSinceNanos = shared.nanoTime().getAsLong();
            }
        } finally {
            lock.unlock();
        }
    }

    long placeOf(TailMember member) {
        lock.lock();
        try {
            return member.here();
        } finally {
            lock.unlock();
        }
    }

    boolean hasMore(TailMember member) {
        lock.lock();
        try {
            return member.here() < recent.nextLsn() || failure != null;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    List<RecordSlice> take(TailMember member, PollLimits limits) {
        lock.lock();
        try {
            if (member.here() < recent.nextLsn()) {
                return taken(member, limits);
            }
            if (failure != null) {
                throw failure;
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable List<RecordSlice> taken(TailMember member, PollLimits limits) {
        var slices = new ArrayList<RecordSlice>();
        var cut = new Cut(limits);
        for (var batch = recent.holding(member.here()); batch != null; batch = recent.holding(member.here())) {
            var from = (int) (member.here() - batch.firstLsn());
            var to = cut.end(batch, from);
            if (to > from) {
                slices.add(new RecordSlice(batch, from, to));
                member.moveTo(batch.firstLsn() + to);
            }
            if (to < batch.count()) {
                break;
            }
        }
        return slices.isEmpty()
                ? null
                : slices; // without a slice the first record was dropped: a first record always fits
    }

    /** Counts what one take has, against its limits. */
    private static final class Cut {
        private final PollLimits limits;
        private int records;
        private long bytes;

        Cut(PollLimits limits) {
            this.limits = limits;
        }

        /** Returns the index behind the last record of a batch that fits. */
        int end(Batch batch, int from) {
            if (from == 0
                    && records + batch.count() <= limits.maxRecords()
                    && batch.dataBytes() <= limits.maxBytes() - bytes) {
                records += batch.count();
                bytes += batch.dataBytes();
                return batch.count();
            }
            var to = from;
            while (to < batch.count()) {
                var size = batch.records().get(to).data().sizeBytes();
                if (!limits.admit(records, bytes, size)) {
                    break;
                }
                records++;
                bytes += size;
                to++;
            }
            return to;
        }
    }

    LogBounds bounds() {
        lock.lock();
        try {
            return new LogBounds(bounds.oldest(), Math.max(bounds.tail(), recent.nextLsn()));
        } finally {
            lock.unlock();
        }
    }

    int memberCount() {
        lock.lock();
        try {
            return members.size();
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return recent.bytes();
        } finally {
            lock.unlock();
        }
    }
}
