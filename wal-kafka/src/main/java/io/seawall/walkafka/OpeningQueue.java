package io.seawall.walkafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Lets only so many openings run at once, in the order of their coming. A node that gets a thousand logs at a moment opens them one
 * after the other instead of all of them too late: an opening's deadline counts from its start. Any thread.
 */
final class OpeningQueue {
    private final int most;
    private final Executor io;
    private final Deque<TermOpening> waiting = new ArrayDeque<>(); // guarded by this; as many as there are logs
    private int running; // guarded by this

    /**
     * An empty queue.
     *
     * @param most how many run at once
     * @param io starts them
     */
    OpeningQueue(int most, Executor io) {
        this.most = most;
        this.io = io;
    }

    /** Starts an opening as soon as there is room, unless it has ended by then. */
    void add(TermOpening opening) {
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
            // Not on this thread, which may be in the middle of the end of another one.
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
