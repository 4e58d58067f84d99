package io.seawall.lifetime;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log as {@link WalManager#get} hands it out: callers cannot close it, and can use it only while it is handed out.
 */
final class WalHandle implements Wal {
    private final Wal wal;
    private final Refusal refusal;

    /**
     * Creates a handle.
     *
     * @param wal the log
     * @param refusal checked before each use
     */
    WalHandle(Wal wal, Refusal refusal) {
        this.wal = wal;
        this.refusal = refusal;
    }

    /** Decides whether the log may be used. */
    @FunctionalInterface
    interface Refusal {
        /** Returns the error to fail with, or null if the log may be used. */
        @Nullable
        WalException get();
    }

    private <T> CompletableFuture<T> ifHandedOut(Supplier<CompletableFuture<T>> use) {
        var refused = refusal.get();
        return refused == null ? use.get() : CompletableFuture.failedFuture(refused);
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
    public String logId() {
        return wal.logId();
    }

    @Override
    public CompletableFuture<Appended> append(AppendRequest request) {
        return ifHandedOut(() -> wal.append(request));
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
    public CompletableFuture<Long> checkTail() {
        return ifHandedOut(wal::checkTail);
    }

    @Override
    public CompletableFuture<Long> trim(long before) {
        return ifHandedOut(() -> wal.trim(before));
    }

    /** Returns a copy, so that a caller that completes it does not report the log as ended. */
    @Override
    public CompletableFuture<WalException> ended() {
        return wal.ended().copy();
    }

    /** Does nothing: the lifetime closes the log. */
    @Override
    public void close() {}
}
