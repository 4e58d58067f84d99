package io.seawall.wal;

import java.util.concurrent.CompletableFuture;

/** An opening under way. */
public interface Opening {
    /** Completes with the opened log, to be closed by the receiver, or with a {@link WalException}. */
    CompletableFuture<Wal> wal();

    /**
     * Asks the opening to stop. It then ends with an error, having released everything, unless it was already past the point
     * where stopping is safe: then it completes as usual. May be called from any thread, and more than once.
     */
    void cancel();
}
