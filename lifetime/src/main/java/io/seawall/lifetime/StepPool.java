package io.seawall.lifetime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps that may block, up to {@code size} at a time.
 *
 * <p><b>Bound.</b> A step that exceeds the time limit is reported as overdue, its thread is interrupted, and it no longer
 * counts against {@code size}: the next step starts on another thread. So a hanging step delays the others by one limit at
 * most. At most {@value #MOST_OVERDUE} hanging steps get a replacement; once all threads hang, waiting steps are rejected. A
 * step waits here only while its pchannel has no other one, so the queue is no longer than the number of pchannels.
 */
final class StepPool {
    static final int MOST_OVERDUE = 64;

    private final int size;
    private final Duration limit;
    private final Executor threads;
    private final ScheduledExecutorService timer;

    // Guarded by this.
    private final Queue<Step> waiting = new ArrayDeque<>();
    private int running;
    private int overdue;

    StepPool(int size, Duration limit, Executor threads, ScheduledExecutorService timer) {
        this.size = size;
        this.limit = limit;
        this.threads = threads;
        this.timer = timer;
    }

    /**
     * Runs a step that may block.
     *
     * @param work the step
     * @param whenEnded called exactly once: with nothing if the step succeeded, the exception that it threw, a
     *     {@link TimeoutException} if it exceeded the limit, or a {@link RejectedExecutionException} if it did not run because
     *     all threads hang or are closed. Runs on a thread of the pool or the caller's and must be short
     */
    void run(Runnable work, Consumer<Optional<Throwable>> whenEnded) {
        synchronized (this) {
            waiting.add(new Step(work, whenEnded));
        }
        startWaiting();
    }

    private void startWaiting() {
        startOrGiveUp().forEach((step, why) -> step.whenEnded.accept(Optional.of(why)));
    }

    /** Starts waiting steps while there is room; returns the steps that will never run, and why. */
    private synchronized Map<Step, RejectedExecutionException> startOrGiveUp() {
        var rejected = new LinkedHashMap<Step, RejectedExecutionException>();
        while (running < size + Math.min(overdue, MOST_OVERDUE) && !waiting.isEmpty()) {
            var step = waiting.remove();
            try {
                threads.execute(step);
                running++;
            } catch (RejectedExecutionException closed) {
                rejected.put(step, new RejectedExecutionException("not done: the threads are closed", closed));
            }
        }
        if (overdue >= size + MOST_OVERDUE) {
            waiting.forEach(step -> rejected.put(step, allHang()));
            waiting.clear();
        }
        return rejected;
    }

    private RejectedExecutionException allHang() {
        return new RejectedExecutionException(
                "not done: all " + (size + MOST_OVERDUE) + " threads hang in earlier steps");
    }

    private void count(int runningChange, int overdueChange) {
        synchronized (this) {
            running += runningChange;
            overdue += overdueChange;
        }
        startWaiting();
    }

    private final class Step implements Runnable {
        private final Runnable work;
        private final Consumer<Optional<Throwable>> whenEnded;

        // Guarded by this step: an interrupt must not reach the thread after it has moved on to other work.
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
            var alarm = alarm();
            var thrown = attempt();
            alarm.run();
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

        /** Starts the timer of the limit, unless everything is closing. Returns an action that stops the timer. */
        private Runnable alarm() {
            try {
                var alarm = timer.schedule(this::onLimit, limit.toNanos(), TimeUnit.NANOSECONDS);
                return () -> alarm.cancel(false);
            } catch (RejectedExecutionException closed) {
                return () -> {};
            }
        }

        @SuppressWarnings("CatchingUnchecked") // the pchannel must learn that the step is over, whatever it throws
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
