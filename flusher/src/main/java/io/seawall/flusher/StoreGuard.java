package io.seawall.flusher;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentFiles;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.flusher.store.StoreException;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Ensures that a log is flushed into one store only: its snapshots name the store, and a flusher with another store (two nodes
 * with a local folder each) refuses to flush and to trim. Used by one thread at a time.
 */
final class StoreGuard {
    private final FlushableWal wal;
    private final SegmentStore store;
    private final Runnable wake;
    private @Nullable String storeId;
    private @Nullable CompletableFuture<Void> binding;

    /**
     * Creates a binding.
     *
     * @param wake run when {@link #isBound} may have changed
     */
    StoreGuard(FlushableWal wal, SegmentStore store, Runnable wake) {
        this.wal = wal;
        this.store = store;
        this.wake = wake;
    }

    /**
     * Reads the store's id and compares it with the log's.
     *
     * @throws WalException with {@link ErrorCode#INTERNAL} if the log names another store
     * @throws StoreException if the store does not answer
     */
    void check() throws StoreException {
        try {
            storeId = store.storeId();
        } catch (IOException e) {
            throw new StoreException(SegmentFiles.unavailable(wal.pchannel(), "ask the segment store for its id", e));
        }
        refuseAnother(storeId);
    }

    /**
     * Writes the store's id into the log unless it is there. Called after {@link #check}, as early as there is a record.
     */
    void begin() {
        if (binding == null && wal.progress().storeId().isEmpty() && storeId != null) {
            binding = wal.progress().bindStore(storeId);
            var unused = binding.whenComplete((done, failure) -> wake.run());
        }
    }

    /**
     * Returns whether a committed snapshot names this store, so that segments may be published and the log trimmed.
     *
     * @throws WalException the log's error, after which the call can be repeated; or {@link ErrorCode#INTERNAL} if the log names
     *     another store
     */
    boolean isBound() {
        var id = storeId;
        if (id == null) {
            return false;
        }
        refuseAnother(id);
        if (wal.progress().storeId().isPresent()) {
            return true;
        }
        begin();
        var begun = binding;
        if (begun == null || !begun.isDone()) {
            return false;
        }
        try {
            begun.join();
            return true;
        } catch (CompletionException e) {
            binding = null;
            throw FutureErrors.unwrapped(e) instanceof WalException known ? known : e;
        }
    }

    private void refuseAnother(String id) {
        var named = wal.progress().storeId();
        if (named.isPresent() && !named.get().equals(id)) {
            throw Problem.of(ErrorCode.INTERNAL, "flush " + wal.pchannel() + " to this node's segment store")
                    .pchannel(wal.pchannel())
                    .found("store " + id + " (" + store.describe(new SegmentKey(wal.pchannel(), 0)) + ")")
                    .expected("store " + named.get() + ", which has the log's segments")
                    .fix("give every node the same store: set segments.root to the folder that all of them share")
                    .exception();
        }
    }
}
