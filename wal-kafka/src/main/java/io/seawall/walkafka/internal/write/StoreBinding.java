package io.seawall.walkafka.internal.write;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The segment store that a log is bound to (docs/protocol.md#store-binding). Once a committed snapshot names a store, every later
 * snapshot repeats it, and any other store is refused. Used on the mailbox only, apart from {@link #bound}.
 */
final class StoreBinding {
    private final PChannel pchannel;
    private final Executor completions;
    private volatile @Nullable String bound; // written on the mailbox, read by any thread
    private @Nullable String wanted; // named by a snapshot that is not committed yet
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>(); // for that commit; as many as callers
    private @Nullable WalException over; // why the log is over

    /**
     * Creates the binding of an opened log.
     *
     * @param bound the store that its committed snapshot names, or null
     * @param completions completes callers' futures
     */
    StoreBinding(PChannel pchannel, @Nullable String bound, Executor completions) {
        this.pchannel = pchannel;
        this.bound = bound;
        this.completions = completions;
    }

    /** Returns the store that the last committed snapshot names, or null. */
    @Nullable
    String bound() {
        return bound;
    }

    /** Returns the store that snapshots have to name from now on, or null. */
    @Nullable
    String wanted() {
        return wanted == null ? bound : wanted;
    }

    /**
     * Completes the future once the log is bound to a store.
     *
     * @return whether a snapshot with that store has to be written
     */
    boolean bind(String storeId, CompletableFuture<Void> future) {
        var known = wanted();
        if (known != null && !known.equals(storeId)) {
            fail(List.of(future), other(storeId, known));
            return false;
        }
        if (over != null) {
            fail(List.of(future), over);
            return false;
        }
        if (storeId.equals(bound)) {
            completions.execute(() -> future.complete(null));
            return false;
        }
        wanted = storeId;
        waiting.add(future);
        return true;
    }

    /** Notes the store that the last committed snapshot names. */
    void committed(@Nullable String named) {
        if (named == null || named.equals(bound)) {
            return;
        }
        bound = named;
        var done = List.copyOf(waiting);
        waiting.clear();
        if (named.equals(wanted)) {
            done.forEach(each -> completions.execute(() -> each.complete(null)));
        } else {
            fail(done, other(String.valueOf(wanted), named));
        }
        wanted = null;
    }

    /** Returns whether a caller waits for the commit of a snapshot that names the store. */
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    void over(WalException cause) {
        over = cause;
        fail(List.copyOf(waiting), cause);
        waiting.clear();
    }

    private void fail(List<CompletableFuture<Void>> futures, WalException cause) {
        futures.forEach(each -> completions.execute(() -> each.completeExceptionally(cause)));
    }

    private WalException other(String expected, String found) {
        return Problem.of(ErrorCode.INTERNAL, "flush " + pchannel + " to segment store " + expected)
                .pchannel(pchannel)
                .found("a log whose segments are in store " + found)
                .expected("store " + expected)
                .fix(
                        "give this node the store that the others use (segments.root): two stores would each have a part of the log")
                .exception();
    }
}
