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
 * Which store a log's segments are in: once a committed snapshot names one, every later snapshot repeats it, and no other one is
 * taken. On the log's mailbox only, but for {@link #bound}.
 */
final class StoreBinding {
    private final PChannel pchannel;
    private final Executor answers;
    private volatile @Nullable String bound; // written on the mailbox, read by anyone
    private @Nullable String wanted; // is or will be in a snapshot that is not committed yet
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>(); // for the commit of it; as many as callers
    private @Nullable WalException over;

    /**
     * The binding of an opened log.
     *
     * @param bound what its committed snapshot names, or null
     * @param answers completes callers' futures
     */
    StoreBinding(PChannel pchannel, @Nullable String bound, Executor answers) {
        this.pchannel = pchannel;
        this.bound = bound;
        this.answers = answers;
    }

    /** What the last committed snapshot names, or null. */
    @Nullable
    String bound() {
        return bound;
    }

    /** What is to be in every snapshot from now on: what is bound, or is about to be; null if neither. */
    @Nullable
    String wanted() {
        return wanted == null ? bound : wanted;
    }

    /**
     * Has a caller wait for the log to be bound.
     *
     * @return whether a snapshot has to be written for it
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
            answers.execute(() -> future.complete(null));
            return false;
        }
        wanted = storeId;
        waiting.add(future);
        return true;
    }

    /** A snapshot is committed, by us or before us. */
    void committed(@Nullable String named) {
        if (named == null || named.equals(bound)) {
            return;
        }
        bound = named;
        var told = List.copyOf(waiting);
        waiting.clear();
        if (named.equals(wanted)) {
            told.forEach(each -> answers.execute(() -> each.complete(null)));
        } else {
            fail(told, other(String.valueOf(wanted), named));
        }
        wanted = null;
    }

    /** Whether somebody waits for a snapshot that names the store. */
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    void over(WalException cause) {
        over = cause;
        fail(List.copyOf(waiting), cause);
        waiting.clear();
    }

    private void fail(List<CompletableFuture<Void>> futures, WalException cause) {
        futures.forEach(each -> answers.execute(() -> each.completeExceptionally(cause)));
    }

    private WalException other(String expected, String found) {
        return Problem.of(ErrorCode.INTERNAL, "flush " + pchannel + " to segment store " + expected)
                .pchannel(pchannel)
                .found("a log whose segments are in store " + found)
                .expected("store " + expected)
                .fix(
                        "give this node the store that the others use (segments.root); two places would each hold a part of the log")
                .exception();
    }
}
