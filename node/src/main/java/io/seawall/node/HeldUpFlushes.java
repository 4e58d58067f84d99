package io.seawall.node;

import io.seawall.node.ports.Flushes;
import io.seawall.node.watch.TransactionWatch;
import io.seawall.node.watch.TransactionWatch.Check;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.admin.ForeignTransaction;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers a flush that another program's transaction holds up with an error that names the transaction; without that, the request
 * would time out. The flush itself continues. Thread-safe.
 */
final class HeldUpFlushes implements Flushes {
    private final Flushes flushes;
    private final TransactionWatch watch;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet(); // as many as the flusher takes

    /**
     * A flush that is not complete.
     *
     * @param pchannel the log
     * @param begun how many checks had begun before the flush
     * @param answer the future that the caller has
     */
    private record Waiting(PChannel pchannel, long begun, CompletableFuture<Long> answer) {}

    HeldUpFlushes(Flushes flushes, TransactionWatch watch) {
        this.flushes = flushes;
        this.watch = watch;
        watch.onCheck(this::answer);
    }

    @Override
    public CompletableFuture<Long> flush(PChannel pchannel) {
        var flush = flushes.flush(pchannel);
        if (flush.isDone()) {
            return flush;
        }
        var one = new Waiting(pchannel, watch.begun(), flush.copy());
        waiting.add(one);
        var unused = one.answer().whenComplete((flushed, error) -> waiting.remove(one));
        return one.answer();
    }

    /** Answers flushes that began before the check: a younger one needs a moment in any case. */
    private void answer(Check check) {
        for (var one : waiting) {
            var found = check.found().get(one.pchannel());
            if (found != null && one.begun() < check.number()) {
                one.answer().completeExceptionally(heldUp(one.pchannel(), found.foreign()));
            }
        }
    }

    private static Throwable heldUp(PChannel pchannel, ForeignTransaction transaction) {
        return Problem.of(ErrorCode.UNAVAILABLE, "flush " + pchannel)
                .pchannel(pchannel)
                .effect(Effect.UNKNOWN)
                .with("producerId", transaction.producerId())
                .found("that it waits for " + transaction)
                .fix(transaction.fix() + "; then the flush continues by itself")
                .exception();
    }

    @Override
    public void pause(PChannel pchannel) {
        flushes.pause(pchannel);
    }

    @Override
    public void resume(PChannel pchannel) {
        flushes.resume(pchannel);
    }

    @Override
    public List<Segment> segments(PChannel pchannel, long from, int limit) {
        return flushes.segments(pchannel, from, limit);
    }

    @Override
    public Verified verify(PChannel pchannel) {
        return flushes.verify(pchannel);
    }

    @Override
    public List<PChannel> pchannelsWithSegments(String topic) {
        return flushes.pchannelsWithSegments(topic);
    }

    @Override
    public int deleteSegments(PChannel pchannel) {
        return flushes.deleteSegments(pchannel);
    }
}
