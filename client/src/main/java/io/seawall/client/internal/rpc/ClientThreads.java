package io.seawall.client.internal.rpc;

import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The two threads of a client, and its clock and random source. One thread, the loop, makes all decisions of all writers and
 * readers, encodes what is sent, and is the executor of the gRPC channels; nothing on it blocks. The other one runs what users
 * gave: continuations of futures and subscribers.
 */
public final class ClientThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;
    private static final long STOP_SECONDS = 5;

    private final ScheduledThreadPoolExecutor loop;
    private final @Nullable ThreadPoolExecutor ownCallbacks;
    private final Executor callbacks;
    private final RandomGenerator random = new SplittableRandom();
    private volatile @Nullable Thread callbackThread; // written by the factory of that thread, read by appends
    private volatile @Nullable Thread loopThread; // the same

    /**
     * Starts the threads, which are daemons.
     *
     * @param callbacks runs what users gave, or null for a thread of the client's own
     */
    public ClientThreads(@Nullable Executor callbacks) {
        this.loop = new ScheduledThreadPoolExecutor(1, this::loopThread, new ThreadPoolExecutor.DiscardPolicy());
        loop.setRemoveOnCancelPolicy(true);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        if (callbacks == null) {
            ownCallbacks = new ThreadPoolExecutor(
                    1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::callbackThread);
            ownCallbacks.allowCoreThreadTimeOut(true);
            // After the client has closed, the rest runs on the thread that gives it, so that no future stays open.
            ownCallbacks.setRejectedExecutionHandler((task, pool) -> task.run());
            this.callbacks = ownCallbacks;
        } else {
            ownCallbacks = null;
            this.callbacks = callbacks;
        }
    }

    private Thread loopThread(Runnable task) {
        var thread = daemon(task, "seawall-client");
        loopThread = thread;
        return thread;
    }

    private Thread callbackThread(Runnable task) {
        var thread = daemon(task, "seawall-client-callbacks");
        callbackThread = thread;
        return thread;
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns the executor that is the loop. It drops tasks after {@link #close}. */
    public Executor loop() {
        return loop;
    }

    /** Returns the executor of what users gave; it may have several threads. */
    public Executor callbacks() {
        return callbacks;
    }

    /**
     * Returns whether the caller is a thread of the client, which must not wait for what the client does. User's code is on the
     * client's own callback thread, or on the loop if the user's executor has shut down or runs tasks where they are given.
     */
    public boolean isOwnThread() {
        return Thread.currentThread() == callbackThread || isLoop();
    }

    /** Returns whether the caller is the loop. */
    public boolean isLoop() {
        return Thread.currentThread() == loopThread;
    }

    /** Runs a task on the loop after a time. */
    public Future<?> after(long delayMs, Runnable task) {
        return loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
    }

    /** Returns a monotonic time in milliseconds. */
    public long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Returns the random source, for the loop only. */
    public RandomGenerator random() {
        return random;
    }

    /** Returns an id that no other session has. */
    public String newSessionId() {
        return UUID.randomUUID().toString();
    }

    /**
     * Ends both threads after what they were given, however long that takes: among it are answers to appends. Waits for the loop
     * for 5 seconds, unless the caller is interrupted or the loop itself.
     */
    @Override
    public void close() {
        loop.shutdown();
        try {
            if (!isLoop()) {
                loop.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ownCallbacks != null) {
            ownCallbacks.shutdown();
        }
    }
}
