package io.seawall.client.internal.rpc;

/**
 * Runs a task when the earliest time has come that was asked for. The task may also run earlier, and finds out by itself what is
 * due. Used by the client's thread.
 */
public final class Alarm {
    private static final long NEVER = Long.MAX_VALUE;

    private final ClientThreads threads;
    private final Runnable task;
    private long dueMs = NEVER;

    /** Creates an alarm that is not set. */
    public Alarm(ClientThreads threads, Runnable task) {
        this.threads = threads;
        this.task = task;
    }

    /**
     * Sets the alarm, unless it is set to an earlier time.
     *
     * @param atMs a time of {@link ClientThreads#nowMs}; one that is over, down to {@link Long#MIN_VALUE}, is now, and
     *     {@link Long#MAX_VALUE} is never
     */
    public void at(long atMs) {
        // Without the bound, the difference between the lowest time and now is a large positive number: the alarm would
        // never ring, and never be set again.
        var nowMs = threads.nowMs();
        var nextMs = Math.max(atMs, nowMs);
        if (nextMs < dueMs) {
            dueMs = nextMs;
            var ignored = threads.after(nextMs - nowMs, () -> ring(nextMs));
        }
    }

    private void ring(long atMs) {
        if (dueMs == atMs) {
            dueMs = NEVER;
        }
        task.run();
    }
}
