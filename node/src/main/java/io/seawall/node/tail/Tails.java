package io.seawall.node.tail;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.serve.WorkerPool;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.Problem;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared tails of a node, at most one for each view of a log, and the threads that read them and serve their readers. A tail
 * begins with the first reader that gets to the tail of its log, and ends some time after the last one left. Thread-safe.
 *
 * <p>The listener of a reader, {@code changed} below, is called after records came, after an error, and at least every {@link #BEAT}
 * while the log can be read, also if nothing is new. It runs on the thread that reads the log for all, so it must not block.
 */
public final class Tails implements AutoCloseable {
    /** The longest time between two calls of a listener, while the log can be read. */
    public static final Duration BEAT = Duration.ofMillis(500);

    /** The most tasks that wait for a thread: a reader has one at a time, and {@code grpc.readers} is lower. */
    private static final int MOST_TASKS = 16_384;

    private final WalReaders readers;
    private final TailLimits limits;
    private final LongSupplier nanoTime;
    private final Tail.Shared shared;
    private final Consumer<Tail> follow;
    private final WorkerPool followers;
    private final WorkerPool senders =
            new WorkerPool("seawall-tail-send", Math.max(2, Runtime.getRuntime().availableProcessors()), MOST_TASKS);
    private final AtomicLong behind = new AtomicLong();
    private final Map<TailKey, Tail> tails = new ConcurrentHashMap<>(); // additions are guarded by the map
    private volatile boolean closed; // written under the map's lock, read by any thread

    /**
     * Creates the tails of a node; none is read yet.
     *
     * @param readers reads any log
     * @param limits the limits
     * @param metrics counts tails and their readers
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public Tails(WalReaders readers, TailLimits limits, NodeMetrics metrics, LongSupplier nanoTime) {
        // A tail that ends still has its thread for a moment when the next one begins.
        this(readers, limits, metrics, nanoTime, new WorkerPool("seawall-tail", 2 * limits.logs(), 0));
    }

    private Tails(
            WalReaders readers, TailLimits limits, NodeMetrics metrics, LongSupplier nanoTime, WorkerPool followers) {
        this(readers, limits, metrics, nanoTime, followers, tail -> follow(followers, tail));
    }

    /** Like the public constructor, but {@code follow} calls the steps of each new tail. */
    Tails(
            WalReaders readers,
            TailLimits limits,
            NodeMetrics metrics,
            LongSupplier nanoTime,
            WorkerPool followers,
            Consumer<Tail> follow) {
        this.readers = readers;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.followers = followers;
        this.follow = follow;
        this.shared = new Tail.Shared(readers, limits, nanoTime, over -> tails.remove(over.key(), over));
        metrics.gauge("seawall.readers.tails", "logs that one reader reads for all readers at the tail", tails::size);
        metrics.gauge("seawall.readers.following", "readers at the tail that take what it reads", this::following);
        metrics.gauge("seawall.readers.tails.bytes", "bytes of records and encodings kept for them", this::bytes);
        metrics.count(
                "seawall.readers.behind",
                "readers that fell so far behind that they continued with a reader of their own",
                behind::get);
    }

    private static void follow(WorkerPool followers, Tail tail) {
        followers.run(
                () -> {
                    while (tail.step()) {
                        // Each step waits by itself.
                    }
                },
                tail::fail,
                full -> tail.fail(stopping(tail.key())));
    }

    private static RuntimeException stopping(TailKey key) {
        return Problem.of(ErrorCode.SHUTTING_DOWN, "read " + key.pchannel())
                .pchannel(key.pchannel())
                .found("a node that stops")
                .fix("read on from another node")
                .exception();
    }

    WalReaders readers() {
        return readers;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    /** Returns whether a log has a shared tail. */
    boolean has(TailKey key) {
        return tails.containsKey(key);
    }

    /** Returns whether a log that has no shared tail could get one. */
    boolean hasRoomFor(TailKey key) {
        return !closed && tails.size() < limits.logs() && !has(key);
    }

    /** Joins the tail of a log; see {@link Tail#join}. Returns null if there is none. */
    @Nullable
    TailMember join(TailKey key, long next, @Nullable LogRecord last, Runnable changed) {
        var tail = tails.get(key);
        return tail == null ? null : tail.join(next, last, changed);
    }

    /** Joins the tail of a log at its end; see {@link Tail#joinAtTail}. Returns null if there is none. */
    @Nullable
    TailMember joinAtTail(TailKey key, long next, Runnable changed) {
        var tail = tails.get(key);
        return tail == null ? null : tail.joinAtTail(next, changed);
    }

    /**
     * Makes a reader the shared one of its log.
     *
     * @param reader a reader that is at the tail; if the result is not null, it belongs to the shared tail
     * @param last its last record, or null if it has read none
     * @param bounds the bounds of the log, as known a moment ago
     * @param changed see above
     * @return the place of the caller; null if the log has a shared tail, or there are too many
     */
    @Nullable
    TailMember begin(TailKey key, WalReader reader, @Nullable LogRecord last, LogBounds bounds, Runnable changed) {
        Tail tail;
        TailMember first;
        synchronized (tails) {
            if (!hasRoomFor(key)) {
                return null;
            }
            tail = new Tail(key, reader, last, bounds, shared);
            first = tail.joinAtTail(reader.nextLsn(), changed);
            tails.put(key, tail);
        }
        follow.accept(tail);
        return first;
    }

    /** Counts a reader that fell behind. */
    void countBehind() {
        behind.incrementAndGet();
    }

    /**
     * Runs a task for a reader at the tail on one of few threads that all of them share.
     *
     * @param task must not block
     * @param failed gets the task's exception, or the reason why it does not run
     */
    public void send(Runnable task, Consumer<Throwable> failed) {
        senders.run(
                task,
                failed::accept,
                full -> failed.accept(
                        closed
                                ? Problem.of(ErrorCode.SHUTTING_DOWN, "read")
                                        .found("a node that stops")
                                        .cause(full)
                                        .exception()
                                : Problem.of(ErrorCode.OVERLOADED, "read")
                                        .found(MOST_TASKS + " readers that wait for a thread")
                                        .fix("try again")
                                        .cause(full)
                                        .exception()));
    }

    private int following() {
        return tails.values().stream().mapToInt(Tail::memberCount).sum();
    }

    private long bytes() {
        return tails.values().stream().mapToLong(Tail::bytes).sum();
    }

    /** Ends all tails and the threads; readers get SHUTTING_DOWN. Waits for a bounded time. */
    @Override
    public void close() {
        List<Tail> open;
        synchronized (tails) {
            closed = true;
            open = List.copyOf(tails.values());
        }
        open.forEach(tail -> tail.fail(stopping(tail.key())));
        followers.close();
        senders.close();
    }
}
