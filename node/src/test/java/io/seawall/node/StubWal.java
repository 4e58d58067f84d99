package io.seawall.node;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.FlushProgress;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.concurrent.CompletableFuture;

/** An open log whose tail is 5. Knob: {@link #end}. */
public final class StubWal implements FlushableWal {
    static final long TAIL = 5;

    private final PChannel pchannel;
    private final long term;
    private final CompletableFuture<WalException> ended = new CompletableFuture<>();

    StubWal(PChannel pchannel, long term) {
        this.pchannel = pchannel;
        this.term = term;
    }

    public void end(WalException reason) {
        ended.complete(reason);
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
        return CompletableFuture.completedFuture(
                new Appended(term, TAIL, TAIL + request.batch().size() - 1));
    }

    @Override
    public long tail() {
        return TAIL;
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
        return TAIL;
    }

    @Override
    public CompletableFuture<Long> commit() {
        return CompletableFuture.completedFuture(TAIL);
    }

    @Override
    public CompletableFuture<WalException> ended() {
        return ended;
    }

    @Override
    public void close() {}
}
