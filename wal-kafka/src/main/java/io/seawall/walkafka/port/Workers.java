package io.seawall.walkafka.port;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Port: runs mailboxes, and callers' code behind them. Only callers' code may block its threads. An implementation with threads
 * overrides the two methods with a default; a simulation on one thread does not need them.
 */
@FunctionalInterface
public interface Workers extends Executor {
    /** Runs a check after a short time, on a thread that must not be blocked. */
    default void watch(Runnable check) {}

    /**
     * Runs a task on another thread in place of one that a caller's code blocks, and adds a thread while that one is blocked.
     *
     * @param task continues the work of the blocked task
     * @param back completes when the blocked thread is free again
     */
    default void takeOver(Runnable task, CompletableFuture<Void> back) {
        execute(task);
    }
}
