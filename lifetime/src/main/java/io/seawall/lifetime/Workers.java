package io.seawall.lifetime;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that all pchannels share: a few for short tasks ({@link #signals}), and two pools for steps that may block. Steps
 * that start something and steps that release it have separate pools, so that logs that are slow to close do not delay
 * openings.
 */
final class Workers implements AutoCloseable {
    private static final int SIGNAL_THREADS = 2;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final LifetimeSettings settings;
    private final ExecutorService signals;
    private final ExecutorService blocking;
    private final ScheduledExecutorService timer;
    private final ThreadFactory late;
    private final StepPool starting;
    private final StepPool releasing;

    /** Creates workers on threads that are given. */
    Workers(LifetimeSettings settings, WalManager.Threads threads) {
        this.settings = settings;
        this.signals = threads.signals();
        this.blocking = threads.blocking();
        this.timer = threads.timer();
        this.late = threads.late();
        this.starting = new StepPool(settings.workers(), settings.closeTimeout(), blocking, timer);
        this.releasing = new StepPool(settings.workers(), settings.closeTimeout(), this::runEvenIfClosed, timer);
    }

    /** Creates workers on their own threads, which end when idle. */
    static Workers start(LifetimeSettings settings) {
        var signals = new ThreadPoolExecutor(
                SIGNAL_THREADS,
                SIGNAL_THREADS,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named("seawall-lifetime-signal-"));
        signals.allowCoreThreadTimeOut(true);
        var timer = new ScheduledThreadPoolExecutor(1, named("seawall-lifetime-timer-"));
        timer.setRemoveOnCancelPolicy(true);
        var blocking = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // the pools limit how many run
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named("seawall-lifetime-worker-"));
        return new Workers(settings, new WalManager.Threads(signals, blocking, timer, blocking.getThreadFactory()));
    }

    /** Returns the time limits that the pools enforce. */
    LifetimeSettings settings() {
        return settings;
    }

    /** Returns the executor for tasks that do not block. */
    Executor signals() {
        return signals;
    }

    /** Returns the pool for calls that should return at once: those of the opener and the flusher's registration. */
    StepPool starting() {
        return starting;
    }

    /**
     * Returns the pool for calls that may take long: unregistering and closing. It also runs steps after {@link #close}, because
     * a log that opens then has to be closed.
     */
    StepPool releasing() {
        return releasing;
    }

    /** Runs a task, on a thread of its own once the others are closed. Only openings that were under way then lead to that. */
    private void runEvenIfClosed(Runnable task) {
        try {
            blocking.execute(task);
        } catch (RejectedExecutionException closed) {
            late.newThread(task).start();
        }
    }

    /** Runs a short task on {@link #signals} after a delay; running the result cancels it. */
    Runnable after(Duration delay, Runnable task) {
        var alarm = timer.schedule(() -> signals.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> alarm.cancel(false);
    }

    /** Lets the threads end; a step that hangs keeps its daemon thread as long as it hangs. */
    @Override
    public void close() {
        signals.shutdown();
        blocking.shutdown();
        timer.shutdownNow();
    }

    private static ThreadFactory named(String prefix) {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
