package io.seawall.lifetime;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.FlushProgress;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A log that only records whether it is open. Knobs: a close that hangs until interrupted, or longer. */
final class FakeWal implements FlushableWal {
    private final PChannel pchannel;
    private final long term;
    private final Journal journal;
    private final CompletableFuture<WalException> ended = new CompletableFuture<>();
    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicInteger appends = new AtomicInteger();
    private volatile boolean closeHangs;
    private volatile @Nullable CountDownLatch deafUntil;

    FakeWal(PChannel pchannel, long term, Journal journal) {
        this.pchannel = pchannel;
        this.term = term;
        this.journal = journal;
    }

    FakeWal closeIsDeafUntil(@Nullable CountDownLatch released) {
        deafUntil = released;
        return this;
    }

    FakeWal closeHangs() {
        closeHangs = true;
        return this;
    }

    void end(WalException reason) {
        ended.complete(reason);
    }

    int closes() {
        return closes.get();
    }

    int appends() {
        return appends.get();
    }

    @Override
    public PChannel pchannel() {
        return pchannel;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public long epoch() {
        return 0;
    }

    @Override
    public String logId() {
        return "the-log";
    }

    @Override
    public FlushProgress progress() {
        return FlushProgress.forgetful();
    }

    @Override
    public CompletableFuture<Appended> append(AppendRequest request) {
        appends.incrementAndGet();
        if (ended.isDone()) {
            return CompletableFuture.failedFuture(ended.join());
        }
        return CompletableFuture.completedFuture(
                new Appended(term, 0, request.batch().size() - 1L));
    }

    @Override
    public long tail() {
        return 5;
    }

    @Override
    public long oldest() {
        return 0;
    }

    @Override
    public CompletableFuture<Long> checkTail() {
        return CompletableFuture.completedFuture(tail());
    }

    @Override
    public CompletableFuture<Long> trim(long before) {
        return CompletableFuture.completedFuture(oldest());
    }

    @Override
    public long committed() {
        return 4;
    }

    @Override
    public CompletableFuture<Long> commit() {
        return CompletableFuture.completedFuture(5L);
    }

    @Override
    public CompletableFuture<WalException> ended() {
        return ended;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
        journal.add("close " + pchannel + " " + term);
        var released = deafUntil;
        if (released != null) {
            Hang.deafUntil(released);
        }
        if (closeHangs) {
            Hang.untilInterrupted();
        }
    }

    @Override
    public String toString() {
        return "log of " + pchannel + " at term " + term;
    }
}
