package io.seawall.it.node;

import io.seawall.it.kit.AppendConnection;
import io.seawall.it.kit.History;
import io.seawall.wal.PChannel;
import io.seawall.wal.WriterSeq;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * Writer sessions that append unique values and send each one again until it is acknowledged, so that no outcome stays
 * unknown.
 */
final class SessionLoad implements AutoCloseable {
    private static final long LONGEST_RUN_S = 240;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final PChannel pchannel;
    private final Supplier<String> url;
    private final History history;
    private final ExecutorService writers;
    private final AtomicInteger repetitions = new AtomicInteger();
    private final long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_RUN_S);
    private volatile boolean stopped;

    /**
     * Starts at once; stops by itself after a bounded time.
     *
     * @param pchannel the log to append to
     * @param count the number of sessions
     * @param url returns the node to append to; called for each connection
     * @param history records the outcomes
     */
    SessionLoad(PChannel pchannel, int count, Supplier<String> url, History history) {
        this.pchannel = pchannel;
        this.url = url;
        this.history = history;
        this.writers = Executors.newFixedThreadPool(count);
        for (var writer = 0; writer < count; writer++) {
            var id = "writer-" + writer;
            writers.execute(() -> run(id));
        }
    }

    private void run(String id) {
        var next = new WriterSeq(id, 0);
        var pending = false; // whether a batch was sent and is not acknowledged yet
        while (System.nanoTime() < endNanos && (pending || !stopped)) {
            try (var connection = new AppendConnection(url.get())) {
                var open = true;
                while (open && (pending || !stopped)) {
                    pending = true;
                    var outcome = connection.append(pchannel, next.toString(), next);
                    open = outcome.isAcknowledged();
                    if (open) {
                        history.acknowledged(pchannel, outcome.lsn(), next.toString());
                        repetitions.addAndGet(outcome.repeated() ? 1 : 0);
                        next = new WriterSeq(id, next.seq() + 1);
                        pending = false;
                    }
                }
            } catch (IOException lost) {
                // Send the same number again, no matter what became of the first attempt.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    int repetitions() {
        return repetitions.get();
    }

    /** Stops once every batch that was sent is acknowledged. */
    void stop() {
        stopped = true;
        writers.shutdown();
        Awaitility.await("every batch is acknowledged")
                .atMost(90, TimeUnit.SECONDS)
                .until(writers::isTerminated);
    }

    @Override
    public void close() {
        stop();
    }
}
