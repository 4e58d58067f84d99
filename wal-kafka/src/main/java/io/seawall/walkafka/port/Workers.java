package io.seawall.walkafka.port;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Port: runs mailboxes, and callers' code behind them. Nothing on it blocks but callers' code, which may: where that can hold up a
 * thread for good, the implementation overrides the two methods that a simulation on one thread has no use for.
 */
@FunctionalInterface
public interface Workers extends Executor {
    /** Has something looked at after a little while, on a thread that must not be blocked. */
    default void watch(Runnable look) {}

    /**
     * Runs a task that takes over from one that a caller's code holds up, on a thread beside these, and has another thread stand in
     * for the one that is held up.
     *
     * @param task what goes on
     * @param back completes when the thread is free again
     */
    default void takeOver(Runnable task, CompletableFuture<Void> back) {
        execute(task);
    }
}
