package io.seawall.walkafka.port;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Port: runs mailboxes, and callers' code behind them. Only callers' code may block its threads. An implementation with threads
 * overrides the two methods with a default; a simulation on one thread does not need them.
 */
@FunctionalInterface
public interface Workers extends Executor {
    /** Calls a look after a short time, on a thread that must not be blocked. */
    default void watch(Runnable look) {}

    /**
     * Runs a task that takes over from one that a caller's code blocks, on another thread, and replaces the blocked thread by a new one.
     *
     * @param task what goes on
     * @param back completes when the thread is free again
     */
    default void takeOver(Runnable task, CompletableFuture<Void> back) {
        execute(task);
    }
}
