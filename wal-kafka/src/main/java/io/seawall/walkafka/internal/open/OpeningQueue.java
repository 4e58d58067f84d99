package io.seawall.walkafka.internal.open;

import io.seawall.walkafka.internal.serial.Futures;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many openings run at once; the others wait in order. An opening's deadline counts from its start, so a node that
 * gets a thousand logs at once opens them in turn and does not exceed the deadline of each. Thread-safe.
 */
public final class OpeningQueue {
    private final int most;
    private final Executor io;
    private final Deque<TermOpening> waiting = new ArrayDeque<>(); // guarded by this; at most one for each log
    private int running; // guarded by this

    /**
     * Creates an empty queue.
     *
     * @param most how many openings may run at once
     * @param io runs the start of each opening
     */
    public OpeningQueue(int most, Executor io) {
        this.most = most;
        this.io = io;
    }

    /** Adds an opening. It starts when its turn comes, unless it was cancelled before. */
    public void add(TermOpening opening) {
        synchronized (this) {
            waiting.add(opening);
        }
        Futures.listen(opening.wal(), (wal, error) -> ended(opening));
        startNext();
    }

    private void ended(TermOpening opening) {
        synchronized (this) {
            if (!waiting.remove(opening)) {
                running--;
            }
        }
        startNext();
    }

    private void startNext() {
        for (var next = next(); next != null; next = next()) {
            // On another thread, since this one may still be completing the future of another opening.
            try {
                io.execute(next::start);
            } catch (RejectedExecutionException closing) {
                next.cancel();
            }
        }
    }

    private synchronized @Nullable TermOpening next() {
        var next = running < most ? waiting.poll() : null;
        running += next == null ? 0 : 1;
        return next;
    }
}
