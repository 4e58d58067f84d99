package io.seawall.flusher;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that all pchannels share. The queue holds at most the tick and one task per pchannel. Tasks submitted after
 * {@link #stop} are dropped.
 */
final class FlusherThreads implements Flusher.Threads {
    private static final Logger LOG = LoggerFactory.getLogger(FlusherThreads.class);

    private final ScheduledThreadPoolExecutor pool;

    FlusherThreads(int threads) {
        var names = new AtomicInteger();
        pool = new ScheduledThreadPoolExecutor(
                threads,
                task -> {
                    var thread = new Thread(task, "seawall-flusher-" + names.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    public void every(Duration period, Runnable task) {
        var unused = pool.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error e) {
                        // Rethrowing it would silently cancel all further ticks.
                        LOG.atError().setCause(e).log("the flusher's tick failed");
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        pool.shutdownNow();
    }
}
