package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.port.FlushOffsets;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The flusher's group on a {@link FakeLog}, with knobs for what can go wrong. For one thread. */
final class FakeFlushOffsets implements FlushOffsets {
    private final FakeLog log;
    private final List<Long> committed = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holds;
    private boolean fails;
    private int missingMarkers;
    private Runnable afterLook = () -> {};

    FakeFlushOffsets(FakeLog log) {
        this.log = log;
    }

    /** Requests fail from now on, or no longer. */
    void fails(boolean now) {
        fails = now;
    }

    /** Commits are answered by {@link #answer}. */
    void holds() {
        holds = true;
    }

    void answer() {
        held.remove(0).run();
    }

    /** So many looks find a marker that is not written yet. */
    void missMarkers(int looks) {
        missingMarkers = looks;
    }

    /** Something that happens after each look, before its answer. */
    void afterLook(Runnable event) {
        afterLook = event;
    }

    /** Every offset that was committed, in order. */
    List<Long> committed() {
        return committed;
    }

    /** As a lag tool counts it. */
    long lag() {
        return log.end() - committed.get(committed.size() - 1);
    }

    @Override
    public CompletableFuture<Ends> ends(PChannel pchannel) {
        if (fails) {
            return failed();
        }
        var high = log.end();
        var stable = missingMarkers-- > 0 ? high - 1 : log.end(Isolation.COMMITTED);
        afterLook.run();
        return CompletableFuture.completedFuture(new Ends(stable, high));
    }

    @Override
    public CompletableFuture<Void> commit(PChannel pchannel, long offset) {
        if (fails) {
            return failed();
        }
        committed.add(offset);
        var answer = new CompletableFuture<Void>();
        if (holds) {
            held.add(() -> answer.complete(null));
        } else {
            answer.complete(null);
        }
        return answer;
    }

    private static <T> CompletableFuture<T> failed() {
        return CompletableFuture.failedFuture(
                Problem.of(ErrorCode.UNAVAILABLE, "planted").exception());
    }
}
