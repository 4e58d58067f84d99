package io.seawall.flusher;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Sees that a log goes into one store only: its snapshots name the store, and whoever has another one (two nodes with a local
 * folder each) refuses to flush and to trim. Used by one thread at a time.
 */
final class StoreBinding {
    private final Wal wal;
    private final SegmentStore store;
    private final Runnable wake;
    private @Nullable String storeId;
    private @Nullable CompletableFuture<Void> binding;

    /**
     * A binding.
     *
     * @param wake run when {@link #isBound} is worth asking again
     */
    StoreBinding(Wal wal, SegmentStore store, Runnable wake) {
        this.wal = wal;
        this.store = store;
        this.wake = wake;
    }

    /**
     * Asks the store who it is.
     *
     * @throws WalException with {@link ErrorCode#INTERNAL} if the log names another one
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

    /** Writes the store into the log unless it is there. To be called after {@link #check}, as early as there is a record. */
    void begin() {
        if (binding == null && wal.progress().storeId().isEmpty() && storeId != null) {
            binding = wal.progress().bindStore(storeId);
            var unused = binding.whenComplete((done, failure) -> wake.run());
        }
    }

    /**
     * Whether a committed snapshot names this store, so that it may be published and trimmed.
     *
     * @throws WalException what the log said, which may be tried again; or {@link ErrorCode#INTERNAL} if it names another store
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
            if (e.getCause() instanceof WalException told) {
                throw told;
            }
            throw e;
        }
    }

    private void refuseAnother(String id) {
        var named = wal.progress().storeId();
        if (named.isPresent() && !named.get().equals(id)) {
            throw Problem.of(ErrorCode.INTERNAL, "flush " + wal.pchannel() + " to this node's segment store")
                    .pchannel(wal.pchannel())
                    .found("store " + id + " (" + store.describe(new SegmentKey(wal.pchannel(), 0)) + ")")
                    .expected("store " + named.get() + ", which the log's segments are in")
                    .fix("give every node the same store: set segments.root to the folder that all of them share")
                    .exception();
        }
    }
}
