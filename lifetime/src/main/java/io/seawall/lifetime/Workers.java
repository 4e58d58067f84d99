package io.seawall.lifetime;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that all pchannels share: a few for short tasks ({@link #signals}), and one pool for steps that may block. Steps
 * that start something and steps that let go of it have room of their own in it: logs that are slow to close must not hold up
 * the opening of others.
 */
final class Workers implements AutoCloseable {
    private static final int SIGNAL_THREADS = 2;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final LifetimeSettings settings;
    private final ExecutorService signals;
    private final ExecutorService blocking;
    private final ScheduledExecutorService timer;
    private final StepPool starting;
    private final StepPool releasing;

    private Workers(
            LifetimeSettings settings,
            ExecutorService signals,
            ExecutorService blocking,
            ScheduledExecutorService timer) {
        this.settings = settings;
        this.signals = signals;
        this.blocking = blocking;
        this.timer = timer;
        this.starting = new StepPool(settings.workers(), settings.closeTimeout(), blocking, timer);
        this.releasing = new StepPool(settings.workers(), settings.closeTimeout(), blocking, timer);
    }

    /** Workers on threads of their own, which end when idle. */
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
        var blocking = Executors.newCachedThreadPool(named("seawall-lifetime-worker-"));
        return new Workers(settings, signals, blocking, timer);
    }

    /** The bounds that these keep. */
    LifetimeSettings settings() {
        return settings;
    }

    /** For tasks that do not block. */
    Executor signals() {
        return signals;
    }

    /** For calls that should return at once: the opener's and the flusher's registration. */
    StepPool starting() {
        return starting;
    }

    /** For calls that take their time: unregistering and closing. */
    StepPool releasing() {
        return releasing;
    }

    /** Runs a short task among the {@link #signals} after a while; the result takes it back. */
    Runnable after(Duration delay, Runnable task) {
        var alarm = timer.schedule(() -> signals.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> alarm.cancel(false);
    }

    /** Lets the threads end; a step that hangs keeps its own, a daemon, for as long as it hangs. */
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
