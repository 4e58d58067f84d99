package io.seawall.client.internal.write;

import io.seawall.client.log.Codes;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.WriterOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects appends of any thread into batches, within a bound on the bytes that are not answered. The client's thread takes the
 * batches. All state is guarded by one lock, under which nothing of users runs.
 */
final class Accumulator {
    static final int MOST_RECORDS = 1_000;

    private final WriterOptions options;
    private final WriterErrors errors;
    private final boolean merging; // whether several appends may be one batch
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Deque<Batch> full = new ArrayDeque<>();
    private List<PendingAppend> open = new ArrayList<>();
    private long openBytes;
    private int openRecords;
    private long openSinceMs;
    private long bufferedBytes;
    private boolean hurried; // what is open is to be sent without waiting for more
    private boolean wanted; // the client's thread is to be told of the next append
    private @Nullable PendingAppend last;
    private @Nullable SeawallException ended;

    Accumulator(WriterOptions options, WriterErrors errors) {
        this.options = options;
        this.errors = errors;
        this.merging = !(options.session() instanceof WriterOptions.Session.Named);
    }

    /**
     * Adds an append; waits for room in the buffer.
     *
     * @param mayWait whether the caller may block
     * @param clock a time in milliseconds that never goes back
     * @return whether to tell the client's thread
     * @throws SeawallException if there is no room, or the writer has ended
     */
    boolean add(PendingAppend append, boolean mayWait, LongSupplier clock) {
        lock.lock();
        try {
            awaitRoom(append.bufferedBytes(), mayWait);
            var nowMs = clock.getAsLong();
            var batches = full.size();
            if (!open.isEmpty() && !fits(append)) {
                closeOpen();
            }
            var begins = open.isEmpty();
            if (begins) {
                openSinceMs = nowMs;
            }
            open.add(append);
            last = append;
            openBytes += append.messageBytes;
            openRecords += append.records.size();
            bufferedBytes += append.bufferedBytes();
            if (isOpenFull(append)) {
                closeOpen();
            }
            var tell = wanted
                    && (begins || full.size() > batches || options.linger().isZero());
            wanted &= !tell;
            return tell;
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(long bytes, boolean mayWait) {
        if (bytes > options.bufferBytes()) {
            throw errors.error(
                            Codes.TOO_LARGE,
                            "found an append of about " + bytes + " bytes, expected less than the buffer's "
                                    + options.bufferBytes() + " (bufferBytes)")
                    .build();
        }
        var nanos = mayWait ? options.maxBlock().toNanos() : 0;
        while (ended == null && bufferedBytes + bytes > options.bufferBytes()) {
            if (nanos <= 0) {
                throw errors.error(
                                Codes.OVERLOADED,
                                "found " + bufferedBytes + " bytes without an answer, expected room for " + bytes
                                        + " more within " + options.bufferBytes()
                                        + " (bufferBytes); wait for answers, then append again")
                        .build();
            }
            try {
                nanos = room.awaitNanos(nanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw errors.error(Codes.INTERRUPTED, "the thread was interrupted while the buffer was full")
                        .cause(e)
                        .build();
            }
        }
        if (ended != null) {
            throw ended;
        }
    }

    private boolean fits(PendingAppend append) {
        return merging
                && append.ifTail == null
                && open.get(0).ifTail == null
                && openBytes + append.messageBytes <= options.batchBytes()
                && openRecords + append.records.size() <= MOST_RECORDS;
    }

    private boolean isOpenFull(PendingAppend latest) {
        return !merging || latest.ifTail != null || openBytes >= options.batchBytes() || openRecords >= MOST_RECORDS;
    }

    private void closeOpen() {
        full.add(new Batch(open, openSinceMs + options.deliveryTimeout().toMillis()));
        open = new ArrayList<>();
        openBytes = 0;
        openRecords = 0;
    }

    /** Returns the next batch to send, or null if none is due; then the next append is reported. */
    @Nullable
    Batch poll(long nowMs) {
        lock.lock();
        try {
            if (full.isEmpty() && !open.isEmpty() && openDueMs() <= nowMs) {
                closeOpen();
            }
            var next = full.poll();
            if (open.isEmpty() && full.isEmpty()) {
                hurried = false;
            }
            wanted |= next == null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    private long openDueMs() {
        return hurried ? Long.MIN_VALUE : openSinceMs + options.linger().toMillis();
    }

    /** Returns when the open batch is due; {@link Long#MAX_VALUE} without one. */
    long dueMs() {
        lock.lock();
        try {
            return !full.isEmpty() ? Long.MIN_VALUE : open.isEmpty() ? Long.MAX_VALUE : openDueMs();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the oldest append in here has to be answered; {@link Long#MAX_VALUE} without one. */
    long deadlineMs() {
        lock.lock();
        try {
            var oldest = full.peek();
            return oldest != null
                    ? oldest.deadlineMs()
                    : open.isEmpty()
                            ? Long.MAX_VALUE
                            : openSinceMs + options.deliveryTimeout().toMillis();
        } finally {
            lock.unlock();
        }
    }

    /** Removes all batches that have to be answered by now. */
    List<Batch> expired(long nowMs) {
        lock.lock();
        try {
            if (!open.isEmpty() && openSinceMs + options.deliveryTimeout().toMillis() <= nowMs) {
                closeOpen();
            }
            var expired = new ArrayList<Batch>();
            for (var oldest = full.peek(); oldest != null && oldest.deadlineMs() <= nowMs; oldest = full.peek()) {
                expired.add(oldest);
                full.remove();
            }
            return expired;
        } finally {
            lock.unlock();
        }
    }

    /** Makes room, since these appends are answered. */
    void release(Batch batch) {
        lock.lock();
        try {
            for (var append : batch.appends()) {
                bufferedBytes -= append.bufferedBytes();
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends what is open without waiting for more.
     *
     * @return completes once every append before is answered
     */
    CompletableFuture<Void> flush() {
        lock.lock();
        try {
            hurried = !open.isEmpty() || !full.isEmpty();
            var latest = last;
            if (latest == null || latest.done) {
                return CompletableFuture.completedFuture(null);
            }
            var flushed = latest.flushed;
            if (flushed == null) {
                flushed = new CompletableFuture<>();
                latest.flushed = flushed;
            }
            return flushed.copy();
        } finally {
            lock.unlock();
        }
    }

    /** Marks an append as answered to its caller. */
    void done(PendingAppend append) {
        CompletableFuture<Void> flushed;
        lock.lock();
        try {
            append.done = true;
            flushed = append.flushed;
            if (last == append) {
                last = null;
            }
        } finally {
            lock.unlock();
        }
        if (flushed != null) {
            flushed.complete(null);
        }
    }

    /** Refuses further appends, and wakes those that wait for room. */
    void refuse(SeawallException why) {
        lock.lock();
        try {
            if (ended == null) {
                ended = why;
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Removes everything. */
    List<Batch> removeAll() {
        return expired(Long.MAX_VALUE);
    }

    /** Returns the bytes of the appends that are not answered. */
    long bufferedBytes() {
        lock.lock();
        try {
            return bufferedBytes;
        } finally {
            lock.unlock();
        }
    }
}
