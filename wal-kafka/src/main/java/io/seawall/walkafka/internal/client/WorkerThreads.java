package io.seawall.walkafka.internal.client;

import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.port.Workers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that all mailboxes share: a fixed number, and one more for each thread that a caller's code blocks, for as long as it
 * blocks it. So a caller whose code blocks delays no other log. May be used from any thread.
 */
public final class WorkerThreads implements Workers {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerThreads.class);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** Blocked threads above this number get no replacement; then logs wait for threads. */
    private static final int MOST_HELD_UP = 256;

    private final int usual;
    private final ThreadPoolExecutor pool;
    private final Executor io;
    private final Time time;
    private int heldUp; // guarded by this
    private volatile boolean told; // written by what takes over; twice does no harm

    /**
     * Threads.
     *
     * @param usual how many, while none is held up
     * @param io runs tasks that take over
     * @param time for looks
     */
    public WorkerThreads(int usual, ThreadFactory threads, Executor io, Time time) {
        this.usual = usual;
        this.io = io;
        this.time = time;
        this.pool = new ThreadPoolExecutor(usual, usual, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    public void watch(Runnable look) {
        time.after(LOOK.toMillis(), look);
    }

    @Override
    public void takeOver(Runnable task, CompletableFuture<Void> back) {
        var now = count(1);
        if (!told) {
            told = true;
            warn("a caller's code holds up a thread of the logs, which another one stands in for; said once", now);
        } else if (now == MOST_HELD_UP + 1) {
            warn("callers' code holds up so many threads that logs wait for them", now);
        }
        Futures.listen(back, (done, impossible) -> count(-1));
        try {
            io.execute(task);
        } catch (RejectedExecutionException closing) {
            execute(task);
        }
    }

    private static void warn(String what, int heldUp) {
        LOG.atWarn()
                .setMessage(what)
                .addKeyValue("heldUp", heldUp)
                .addKeyValue("fix", "do not block in the code that runs at a completion, or give it an executor")
                .log();
    }

    private synchronized int count(int more) {
        heldUp += more;
        var wanted = usual + Math.min(heldUp, MOST_HELD_UP);
        if (wanted > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(wanted);
            pool.setCorePoolSize(wanted);
        } else {
            pool.setCorePoolSize(wanted);
            pool.setMaximumPoolSize(wanted);
        }
        return heldUp;
    }

    /** Takes no more tasks; those that are there run. */
    public void shutdown() {
        pool.shutdown();
    }
}
