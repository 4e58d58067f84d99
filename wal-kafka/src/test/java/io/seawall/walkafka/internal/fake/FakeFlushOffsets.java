package io.seawall.walkafka.internal.fake;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.port.FlushOffsets;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The flusher's group on a {@link FakePartition}, with faults that tests can turn on. Used by one thread at a time. */
public final class FakeFlushOffsets implements FlushOffsets {
    private final FakePartition log;
    private final List<Long> committed = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holds;
    private boolean fails;
    private int missingMarkers;
    private Runnable afterEnds = () -> {};

    FakeFlushOffsets(FakePartition log) {
        this.log = log;
    }

    /** Sets whether requests fail from now on. */
    public void fails(boolean now) {
        fails = now;
    }

    /** Holds the answers of commits until {@link #answer}. */
    public void holds() {
        holds = true;
    }

    public void answer() {
        held.remove(0).run();
    }

    /** Makes the next requests for the end, this many, find that a marker is not written yet. */
    public void missMarkers(int requests) {
        missingMarkers = requests;
    }

    /** Sets an event that happens after the end is read and before it is returned. */
    public void afterEnds(Runnable event) {
        afterEnds = event;
    }

    /** Returns the committed offsets, in order. */
    public List<Long> committed() {
        return committed;
    }

    /** Returns the lag as a tool of Kafka computes it. */
    public long lag() {
        return log.end() - committed.get(committed.size() - 1);
    }

    @Override
    public CompletableFuture<Ends> ends(PChannel pchannel) {
        if (fails) {
            return failed();
        }
        var high = log.end();
        var stable = missingMarkers-- > 0 ? high - 1 : log.end(Isolation.COMMITTED);
        afterEnds.run();
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
