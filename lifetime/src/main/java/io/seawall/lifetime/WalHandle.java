package io.seawall.lifetime;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.util.concurrent.CompletableFuture;

/** What {@link WalManager#get} hands out: the log without the right to close it. */
final class WalHandle implements Wal {
    private final Wal wal;

    WalHandle(Wal wal) {
        this.wal = wal;
    }

    @Override
    public PChannel pchannel() {
        return wal.pchannel();
    }

    @Override
    public long term() {
        return wal.term();
    }

    @Override
    public long epoch() {
        return wal.epoch();
    }

    @Override
    public CompletableFuture<Appended> append(AppendRequest request) {
        return wal.append(request);
    }

    @Override
    public long tail() {
        return wal.tail();
    }

    @Override
    public long oldest() {
        return wal.oldest();
    }

    @Override
    public CompletableFuture<Long> confirm() {
        return wal.confirm();
    }

    @Override
    public CompletableFuture<Long> trim(long before) {
        return wal.trim(before);
    }

    @Override
    public long committed() {
        return wal.committed();
    }

    @Override
    public CompletableFuture<Long> commit() {
        return wal.commit();
    }

    /** A copy: completing it would otherwise look like the log's own end. */
    @Override
    public CompletableFuture<WalException> ended() {
        return wal.ended().copy();
    }

    /** Does nothing: the lifetime closes the log. */
    @Override
    public void close() {}
}
