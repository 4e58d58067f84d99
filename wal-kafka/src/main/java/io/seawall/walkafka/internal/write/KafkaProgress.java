package io.seawall.walkafka.internal.write;

import io.seawall.wal.FlushProgress;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.lease.LeaseWriter;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.internal.open.WalContext;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Records a flusher's progress with an opened log: the id of its store in the log's snapshots, and its position in the offsets of
 * a consumer group. The methods of {@link FlushProgress} are thread-safe and post to the log's mailbox; the others are called on
 * the mailbox.
 */
final class KafkaProgress implements FlushProgress, FlushOffsetCommitter.Owner {
    /** In characters: every snapshot contains the id, and a snapshot's size is bounded. */
    private static final int LONGEST_ID = 200;

    private final Log log;
    private final CallerCompletions completions;
    private final StoreBinding store;
    private final FlushOffsetCommitter lag;

    /** The log that this object belongs to. */
    interface Log {
        /** Posts a task to the mailbox. Thread-safe. */
        void post(Runnable task);

        /** Posts a task to the mailbox after a delay in milliseconds. */
        void postAfter(long delayMs, Runnable task);

        /** Returns the writer of the log, or null while there is none. Called on the mailbox. */
        @Nullable
        LeaseWriter openWriter();
    }

    KafkaProgress(OpenedLog opened, WalContext shared, CallerCompletions completions, Log log) {
        this.log = log;
        this.completions = completions;
        this.store = new StoreBinding(opened.pchannel(), opened.snapshot().storeId(), completions);
        this.lag = new FlushOffsetCommitter(
                opened.pchannel(), shared.ports().flushOffsets(), shared.flushOffsetCounts(), this);
    }

    @Override
    public Optional<String> storeId() {
        return Optional.ofNullable(store.bound());
    }

    @Override
    public CompletableFuture<Void> bindStore(String storeId) {
        if (storeId.isEmpty() || storeId.length() > LONGEST_ID) {
            throw new IllegalArgumentException(
                    "a store id of " + storeId.length() + " characters, expected 1 to " + LONGEST_ID);
        }
        var bound = new CompletableFuture<Void>();
        log.post(() -> {
            var writer = log.openWriter();
            // Without a writer, resumed passes the id to the next one.
            if (store.bind(storeId, bound) && writer != null) {
                writer.bindStore(storeId);
            }
        });
        return bound;
    }

    @Override
    public CompletableFuture<Void> flushed(long nextLsn) {
        return flushed(nextLsn, -1);
    }

    @Override
    public CompletableFuture<Void> flushed(long nextLsn, long nextOffset) {
        var recorded = new CompletableFuture<Void>();
        log.post(() -> lag.flushed(nextLsn, nextOffset, recorded));
        return recorded;
    }

    // Events of the log, called on the mailbox

    /** A lease was committed; {@code snapshot} is the last committed one. */
    void committed(SnapshotAt snapshot) {
        store.committed(snapshot.storeId());
        lag.moved();
    }

    /** A recovery has ended, and a new writer continues. Its opening's snapshot was passed to {@link #committed} before. */
    void resumed(LeaseWriter writer) {
        var wanted = store.wanted();
        if (wanted != null && store.isAwaited()) {
            writer.bindStore(wanted);
        }
    }

    void over(WalException cause) {
        store.over(cause);
        lag.over();
    }

    @Override
    public void post(Runnable task) {
        log.post(task);
    }

    @Override
    public void postAfter(long delayMs, Runnable task) {
        log.postAfter(delayMs, task);
    }

    @Override
    public long nextLsn() {
        var writer = log.openWriter();
        return writer == null ? -1 : writer.nextLsn();
    }

    @Override
    public void answer(Runnable completion) {
        completions.execute(completion);
    }
}
