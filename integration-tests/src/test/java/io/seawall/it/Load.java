package io.seawall.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.wal.PChannel;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Appends unique values over HTTP to several pchannels at a steady rate, and writes down what it is told. */
final class Load implements AutoCloseable {
    private static final int IN_FLIGHT_EACH = 64;
    private static final long LONGEST_RUN_S = 240;

    private final History history;
    private final Supplier<NodeApi> node;
    private final ExecutorService senders;
    private final AtomicInteger outstanding = new AtomicInteger();
    private volatile boolean stopped;
    private volatile long pausedUntilNanos = System.nanoTime();

    /**
     * Starts at once; stops by itself after a bounded time.
     *
     * @param pchannels where to append
     * @param perSecond how many appends a second over all of them
     * @param node the node to append to, asked anew for each append
     * @param history where to write down
     */
    Load(List<PChannel> pchannels, int perSecond, Supplier<NodeApi> node, History history) {
        this.history = history;
        this.node = node;
        this.senders = Executors.newFixedThreadPool(pchannels.size());
        var gapNanos = TimeUnit.SECONDS.toNanos(pchannels.size()) / perSecond;
        pchannels.forEach(pchannel -> senders.execute(() -> run(pchannel, gapNanos)));
    }

    private void run(PChannel pchannel, long gapNanos) {
        var window = new Semaphore(IN_FLIGHT_EACH);
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_RUN_S);
        var due = System.nanoTime();
        for (var n = 0; !stopped && System.nanoTime() < end; n++) {
            window.acquireUninterruptibly();
            waitUntil(Math.max(due, pausedUntilNanos));
            due = Math.max(due + gapNanos, System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(100));
            send(pchannel, pchannel + "#" + n + "#" + Integer.toHexString(n * 0x9E3779B9), window);
        }
    }

    private void send(PChannel pchannel, String value, Semaphore window) {
        outstanding.incrementAndGet();
        var unused = node.get().append(pchannel, value.getBytes(UTF_8)).whenComplete((answer, error) -> {
            if (error != null) {
                onLostAnswer(value, error);
            } else if (answer.isOk()) {
                history.acknowledged(pchannel, answer.body().path("first").asLong(), value);
            } else if (answer.effect().equals("none")) {
                history.refused(value);
                pause();
            } else {
                history.unknown(value);
            }
            outstanding.decrementAndGet();
            window.release();
        });
    }

    private void onLostAnswer(String value, Throwable error) {
        var cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof ConnectException) {
            history.refused(value); // nobody was there to take it
            pause();
        } else {
            history.unknown(value);
        }
    }

    /** Nobody is there: no need to ask a thousand times a second. */
    private void pause() {
        pausedUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
    }

    private void waitUntil(long nanos) {
        for (var left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Stops sending and waits for every answer. */
    @Override
    public void close() {
        stopped = true;
        senders.shutdown();
        Awaitility.await("every append is answered")
                .atMost(90, TimeUnit.SECONDS)
                .until(() -> senders.isTerminated() && outstanding.get() == 0);
    }
}
