package io.seawall.it.kit;

import io.seawall.wal.PChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Appends unique values over HTTP to several pchannels at a steady rate, and records the answers. */
public final class Load implements AutoCloseable {
    private static final int CONNECTIONS_EACH = 24;
    private static final long LONGEST_RUN_S = 240;
    private static final long LONGEST_LAG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String name;
    private final long longestRunNanos;
    private final History history;
    private final Supplier<String> url;
    private final ExecutorService senders;
    private volatile boolean stopped;

    /**
     * Starts at once; stops by itself after a bounded time.
     *
     * @param pchannels the logs to append to
     * @param perSecond how many appends per second are offered, over all of them
     * @param url returns the node to append to; called for each connection
     * @param history records the outcomes
     */
    public Load(List<PChannel> pchannels, int perSecond, Supplier<String> url, History history) {
        this("", Duration.ofSeconds(LONGEST_RUN_S), pchannels, perSecond, url, history);
    }

    /**
     * One of several loads that share a history.
     *
     * @param name the beginning of every value, so that they differ from those of the other loads
     * @param longestRun the time after which it stops by itself
     */
    public Load(
            String name,
            Duration longestRun,
            List<PChannel> pchannels,
            int perSecond,
            Supplier<String> url,
            History history) {
        this.name = name;
        this.longestRunNanos = longestRun.toNanos();
        this.history = history;
        this.url = url;
        this.senders = Executors.newFixedThreadPool(pchannels.size() * CONNECTIONS_EACH);
        var gapNanos = TimeUnit.SECONDS.toNanos(pchannels.size()) / perSecond;
        for (var pchannel : pchannels) {
            var pace = new Pace(gapNanos);
            for (var sender = 0; sender < CONNECTIONS_EACH; sender++) {
                senders.execute(() -> run(pchannel, pace));
            }
        }
    }

    /** Schedules the appends of one pchannel. */
    private static final class Pace {
        private final long gapNanos;
        private final AtomicLong count = new AtomicLong();
        private final AtomicLong due = new AtomicLong(System.nanoTime());

        Pace(long gapNanos) {
            this.gapNanos = gapNanos;
        }

        /** Waits for the time of the next append; returns a number that no other call returns. */
        long next() {
            // Skip the appends that could not be sent in time, instead of catching up.
            var mine = due.updateAndGet(before -> Math.max(before + gapNanos, System.nanoTime() - LONGEST_LAG_NANOS));
            for (var left = mine - System.nanoTime(); left > 0; left = mine - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return count.getAndIncrement();
        }
    }

    private void run(PChannel pchannel, Pace pace) {
        var end = System.nanoTime() + longestRunNanos;
        while (!stopped && System.nanoTime() < end) {
            try (var connection = new AppendConnection(url.get())) {
                var open = true;
                while (open && !stopped) {
                    open = send(connection, pchannel, name + pchannel + "#" + pace.next());
                }
            } catch (IOException nobodyThere) {
                // No value is lost here: send records the outcome of each.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Sends one value and records the outcome; returns whether the connection can still be used. */
    private boolean send(AppendConnection connection, PChannel pchannel, String value) {
        try {
            var outcome = connection.append(pchannel, value);
            if (outcome.isAcknowledged()) {
                history.acknowledged(pchannel, outcome.lsn(), value);
            } else if (outcome.noEffect()) {
                history.refused(value);
                LockSupport.parkNanos(PAUSE_NANOS);
            } else {
                history.unknown(value);
            }
            return true;
        } catch (IOException lost) {
            history.unknown(value);
            return false;
        }
    }

    /** Stops sending, and waits for every answer. */
    @Override
    public void close() {
        stopped = true;
        senders.shutdown();
        Awaitility.await("every append is answered")
                .atMost(90, TimeUnit.SECONDS)
                .until(senders::isTerminated);
    }
}
