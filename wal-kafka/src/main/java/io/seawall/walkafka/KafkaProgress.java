package io.seawall.walkafka;

import io.seawall.wal.FlushProgress;
import io.seawall.wal.WalException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a flusher leaves with an opened log: the store's id in its snapshots, and how far it is in the offsets of a consumer group.
 * Callers only post; the rest is on the log's mailbox.
 */
final class KafkaProgress implements FlushProgress, FlushLag.Owner {
    /** It stands in every snapshot, whose size is bounded. */
    private static final int LONGEST_ID = 200;

    private final Log log;
    private final Answers answers;
    private final StoreBinding store;
    private final FlushLag lag;

    /** The log, on its mailbox. */
    interface Log {
        /** Posts to the mailbox. From any thread. */
        void post(Runnable task);

        /** Posts to the mailbox after a time. */
        void postAfter(long delayMs, Runnable task);

        /** Who writes at present; null while nobody can. */
        @Nullable
        LeaseWriter openWriter();
    }

    KafkaProgress(OpenedLog opened, Shared shared, Answers answers, Log log) {
        this.log = log;
        this.answers = answers;
        this.store = new StoreBinding(opened.pchannel(), opened.snapshot().storeId(), answers);
        this.lag = new FlushLag(opened.pchannel(), shared.ports().flushOffsets(), shared.flushOffsetCounts(), this);
    }

    @Override
    public Optional<String> storeId() {
        return Optional.ofNullable(store.bound());
    }

    @Override
    public CompletableFuture<Void> bindStore(String storeId) {
        if (storeId.isEmpty() || storeId.length() > LONGEST_ID) {
            throw new IllegalArgumentException(
                    "a store id of " + storeId.length() + " characters, and not 1 to " + LONGEST_ID);
        }
        var bound = new CompletableFuture<Void>();
        log.post(() -> {
            var writer = log.openWriter();
            // While nobody writes, the next writer is told.
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

    // What the log tells; all on the mailbox.

    /** Something was committed, and this is the last committed snapshot. */
    void committed(SnapshotAt snapshot) {
        store.committed(snapshot.storeId());
        lag.moved();
    }

    /** Another writer goes on behind a recovery; its opening's snapshot was told already. */
    void goesOn(LeaseWriter writer) {
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
        answers.execute(completion);
    }
}
