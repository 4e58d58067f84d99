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

/** Who waits for what to be flushed. May be used from any thread; completes futures under no lock. */
final class FlushRequests {
    private static final int MOST = 1_000;
    /** The commit that tells the LSN is still under way. */
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final PChannel pchannel;
    /** Guarded by this, and so are the targets in it. */
    private final Set<Request> waiting = new LinkedHashSet<>();
    /** Why nothing will be flushed any more; guarded by this. */
    private @Nullable WalException end;

    FlushRequests(PChannel pchannel) {
        this.pchannel = pchannel;
    }

    /** One who waits. */
    static final class Request {
        private final CompletableFuture<Long> future = new CompletableFuture<>();
        /** All LSNs below this one are to be in segments. */
        private long target = UNKNOWN;

        CompletableFuture<Long> future() {
            return future;
        }
    }

    /** A new request whose LSN is not known yet; it has failed already if there is no hope or no room. */
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
                .found(MOST + " requests that wait")
                .expected("fewer")
                .exception();
    }

    /** Sets what a request waits for: all LSNs below this one. */
    synchronized void target(Request request, long lsn) {
        request.target = lsn;
    }

    void fail(Request request, Throwable error) {
        synchronized (this) {
            waiting.remove(request);
        }
        request.future.completeExceptionally(error);
    }

    /** Whether somebody waits for an LSN above the first and not above the second one. */
    synchronized boolean anyBetween(long above, long upTo) {
        return waiting.stream().anyMatch(request -> request.target > above && request.target <= upTo);
    }

    /** Completes the requests that need nothing more than this. */
    void settle(long flushedLsn) {
        List<Request> done;
        synchronized (this) {
            // Also those that their callers gave up.
            done = waiting.stream()
                    .filter(request -> request.target <= flushedLsn || request.future.isDone())
                    .toList();
            done.forEach(waiting::remove);
        }
        done.forEach(request -> request.future.complete(flushedLsn));
    }

    /** Fails all requests, and every later one. */
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
