package io.seawall.flusher;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The requests that wait for records to be flushed. Thread-safe; completes futures without holding a lock. */
final class FlushRequests {
    private static final int MOST = 1_000;
    /** The target of a request whose commit is still in progress, so that its LSN is not known. */
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final PChannel pchannel;
    /** Guarded by this, as are the targets in it. */
    private final Set<Request> waiting = new LinkedHashSet<>();
    /** Why nothing will be flushed any more; guarded by this. */
    private @Nullable WalException end;

    FlushRequests(PChannel pchannel) {
        this.pchannel = pchannel;
    }

    /** One waiting request. */
    static final class Request {
        private final CompletableFuture<Long> future = new CompletableFuture<>();
        /** All LSNs below this one must be in segments. */
        private long target = UNKNOWN;

        CompletableFuture<Long> future() {
            return future;
        }
    }

    /**
     * Adds a request whose LSN is not known yet. It has failed already if flushing has ended or too many requests wait.
     */
    Request add() {
        var request = new Request();
        WalException refusal;
        synchronized (this) {
            if (end == null && waiting.size() < MOST) {
                waiting.add(request);
                return request;
            }
            refusal = end;
        }
        request.future.completeExceptionally(refusal == null ? overloaded() : refusal);
        return request;
    }

    private WalException overloaded() {
        return Problem.of(ErrorCode.OVERLOADED, "flush " + pchannel)
                .pchannel(pchannel)
                .found(MOST + " waiting requests")
                .expected("fewer")
                .exception();
    }

    /** Sets a request's target: all LSNs below this one. */
    synchronized void target(Request request, long lsn) {
        request.target = lsn;
    }

    void fail(Request request, Throwable error) {
        synchronized (this) {
            waiting.remove(request);
        }
        request.future.completeExceptionally(error);
    }

    /** Returns whether a request waits for an LSN above the first and not above the second. */
    synchronized boolean anyBetween(long above, long upTo) {
        return waiting.stream().anyMatch(request -> request.target > above && request.target <= upTo);
    }

    /** Completes the requests whose target is reached. */
    void settle(long flushedLsn) {
        List<Request> done;
        synchronized (this) {
            // Requests that their callers cancelled are removed too.
            done = waiting.stream()
                    .filter(request -> request.target <= flushedLsn || request.future.isDone())
                    .toList();
            done.forEach(waiting::remove);
        }
        done.forEach(request -> request.future.complete(flushedLsn));
    }

    /** Fails all requests, present and future. */
    void end(WalException reason) {
        List<Request> failed;
        synchronized (this) {
            end = reason;
            failed = List.copyOf(waiting);
            waiting.clear();
        }
        failed.forEach(request -> request.future.completeExceptionally(reason));
    }
}
