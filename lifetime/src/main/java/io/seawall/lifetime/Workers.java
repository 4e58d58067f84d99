package io.seawall.lifetime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads that all pchannels share: a few for short tasks ({@link #signals}), and up to {@code size} at a time for steps
 * that may block.
 *
 * <p><b>Bound.</b> A step that overruns the limit is reported as such, its thread is interrupted, and it no longer counts
 * against {@code size}: the next one starts on another thread. So a close that hangs delays the others by one limit at the
 * most. At most {@value #MOST_OVERDUE} hanging steps are excused like this; the ones above that keep their place, and when
 * {@code size} of those hang too, nothing starts until one of them ends. A step waits here only while its pchannel has no other
 * one, so the queue is no longer than the number of pchannels.
 */
final class Workers implements AutoCloseable {
    static final int MOST_OVERDUE = 64;

    private static final int SIGNAL_THREADS = 2;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final int size;
    private final Duration limit;
    private final ExecutorService signals;
    private final ExecutorService blocking;
    private final ScheduledExecutorService timer;

    // Guarded by this.
    private final Queue<Step> waiting = new ArrayDeque<>();
    private int running;
    private int overdue;

    private Workers(
            LifetimeSettings settings,
            ExecutorService signals,
            ExecutorService blocking,
            ScheduledExecutorService timer) {
        this.size = settings.workers();
        this.limit = settings.closeTimeout();
        this.signals = signals;
        this.blocking = blocking;
        this.timer = timer;
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

    /** How long a step may take. */
    Duration limit() {
        return limit;
    }

    /** For tasks that do not block. */
    Executor signals() {
        return signals;
    }

    /**
     * Runs a step that may block.
     *
     * @param work the step
     * @param whenEnded told exactly once: nothing if it went well, what it threw, or a {@link TimeoutException} if it overran
     *     the limit. Runs on a thread of the workers and must be short
     */
    void run(Runnable work, Consumer<Optional<Throwable>> whenEnded) {
        synchronized (this) {
            waiting.add(new Step(work, whenEnded));
        }
        startWaiting();
    }

    /** Lets the threads end; a step that hangs keeps its own, a daemon, for as long as it hangs. */
    @Override
    public void close() {
        signals.shutdown();
        blocking.shutdown();
        timer.shutdown();
    }

    private synchronized void startWaiting() {
        while (running < size + Math.min(overdue, MOST_OVERDUE) && !waiting.isEmpty()) {
            running++;
            blocking.execute(waiting.remove());
        }
    }

    private void count(int runningChange, int overdueChange) {
        synchronized (this) {
            running += runningChange;
            overdue += overdueChange;
        }
        startWaiting();
    }

    private static ThreadFactory named(String prefix) {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private final class Step implements Runnable {
        private final Runnable work;
        private final Consumer<Optional<Throwable>> whenEnded;

        // Guarded by this step: an interrupt must never reach the thread once it does something else.
        private @Nullable Thread runner;
        private boolean late;

        Step(Runnable work, Consumer<Optional<Throwable>> whenEnded) {
            this.work = work;
            this.whenEnded = whenEnded;
        }

        @Override
        public void run() {
            synchronized (this) {
                runner = Thread.currentThread();
            }
            var alarm = timer.schedule(this::onLimit, limit.toNanos(), TimeUnit.NANOSECONDS);
            var thrown = attempt();
            alarm.cancel(false);
            boolean wasLate;
            synchronized (this) {
                runner = null;
                wasLate = late;
            }
            count(-1, wasLate ? -1 : 0);
            if (!wasLate) {
                whenEnded.accept(thrown);
            }
        }

        @SuppressWarnings("CatchingUnchecked") // whatever a hook throws, its pchannel must learn that the step is over
        private Optional<Throwable> attempt() {
            try {
                work.run();
                return Optional.empty();
            } catch (RuntimeException | Error e) {
                return Optional.of(e);
            }
        }

        private void onLimit() {
            synchronized (this) {
                if (runner == null) {
                    return;
                }
                late = true;
                runner.interrupt();
            }
            count(0, 1);
            whenEnded.accept(Optional.of(new TimeoutException("no end within " + limit)));
        }
    }
}
