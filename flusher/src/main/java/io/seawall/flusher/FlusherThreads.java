package io.seawall.flusher;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that all pchannels share. The queue holds at most one task per pchannel and the tick. Tasks that come after
 * {@link #stop} are dropped.
 */
final class FlusherThreads implements Executor {
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

    void every(Duration period, Runnable task) {
        var unused = pool.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error e) {
                        // Thrown on, it would end all further runs in silence.
                        LOG.atError().setCause(e).log("the flusher's tick failed");
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Starts nothing more; does not wait for what is under way. */
    void stop() {
        pool.shutdownNow();
    }
}
