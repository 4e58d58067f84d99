package io.seawall.clustersim;

import io.seawall.kafkasim.SimProcess;
import io.seawall.lifetime.WalManager;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The threads of a simulated process, all of which are its tasks on the event loop. */
final class SimThreads extends AbstractExecutorService implements ScheduledExecutorService {
    private final SimProcess process;

    private SimThreads(SimProcess process) {
        this.process = process;
    }

    static WalManager.Threads of(SimProcess process) {
        var all = new SimThreads(process);
        return new WalManager.Threads(all, all, all, task -> {
            throw new IllegalStateException("the simulation has one thread");
        });
    }

    @Override
    public void execute(Runnable task) {
        process.execute(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        var alarm = new Alarm();
        process.after(unit.toMillis(delay), () -> {
            if (!alarm.isDone()) {
                alarm.complete(null);
                task.run();
            }
        });
        return alarm;
    }

    /** One task that was not run yet, or was cancelled. */
    private static final class Alarm extends CompletableFuture<Void> implements ScheduledFuture<Void> {
        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
