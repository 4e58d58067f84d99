package io.seawall.wal;

import java.util.concurrent.CompletableFuture;

/** An opening in progress. */
public interface Opening {
    /** Completes with the opened log, which the receiver must close, or with a {@link WalException}. */
    CompletableFuture<FlushableWal> wal();

    /**
     * Asks the opening to stop. It then fails and releases everything. An opening that is past the point where stopping is safe
     * completes as usual. May be called from any thread, and more than once.
     */
    void cancel();
}
