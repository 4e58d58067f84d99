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
 * The threads that all mailboxes share: a fixed number, and one more for each thread that is blocked by a caller's code, for as long
 * as it is blocked. So a caller whose code blocks delays no other log. Thread-safe.
 */
public final class WorkerThreads implements Workers {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerThreads.class);
    private static final Duration CHECK_DELAY = Duration.ofMillis(100);

    /** Blocked threads above this number get no replacement. Then logs wait for threads. */
    private static final int MOST_REPLACED = 256;

    private final int usual;
    private final ThreadPoolExecutor pool;
    private final Executor io;
    private final Time time;
    private int blocked; // guarded by this
    private volatile boolean warned; // written by takeOver(); a race only repeats the warning

    /**
     * Creates the threads.
     *
     * @param usual how many threads there are while none is blocked
     * @param threads creates the threads
     * @param io runs tasks that take over from a blocked thread
     * @param time runs checks later
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
    public void watch(Runnable check) {
        time.after(CHECK_DELAY.toMillis(), check);
    }

    @Override
    public void takeOver(Runnable task, CompletableFuture<Void> back) {
        var now = count(1);
        if (!warned) {
            warned = true;
            warn("a caller's code blocks a thread of the logs, and another thread replaces it; logged once", now);
        } else if (now == MOST_REPLACED + 1) {
            warn("callers' code blocks so many threads that logs wait for them", now);
        }
        Futures.listen(back, (done, impossible) -> count(-1));
        try {
            io.execute(task);
        } catch (RejectedExecutionException closing) {
            execute(task);
        }
    }

    private static void warn(String what, int blocked) {
        LOG.atWarn()
                .setMessage(what)
                .addKeyValue("blocked", blocked)
                .addKeyValue("fix", "do not block in the code that runs at a completion, or give it an executor")
                .log();
    }

    private synchronized int count(int more) {
        blocked += more;
        var wanted = usual + Math.min(blocked, MOST_REPLACED);
        if (wanted > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(wanted);
            pool.setCorePoolSize(wanted);
        } else {
            pool.setCorePoolSize(wanted);
            pool.setMaximumPoolSize(wanted);
        }
        return blocked;
    }

    /** Accepts no more tasks. Tasks that were accepted still run. */
    public void shutdown() {
        pool.shutdown();
    }
}
