package io.seawall.node.peer;

import io.seawall.wal.PChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to one process of another node: follows its stream, again and again, until {@link #end}. Runs on a thread of its own,
 * which alone uses the fields that are not marked otherwise.
 */
final class PeerLink implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

    /** The pause before an attempt that takes the place of one that did not count. */
    private static final long REPEAT_MS = 10;

    /** After so many attempts in a row that met another process the URL is wrong; a restart is over by then. */
    private static final int STRANGERS = 8;

    private final Target target;
    private final PeerUrl url;
    private final String path;
    private final Listener listener;
    private final PeerTimes times;
    private final PeerLogin login;
    private final DoubleSupplier jitter;
    private final Semaphore wake = new Semaphore(0);
    private @Nullable PeerStream stream; // guarded by this
    private boolean ended; // guarded by this
    private volatile boolean up; // written by the link's thread, read by any
    private final AtomicInteger attempts = new AtomicInteger();

    private DeathRule rule = DeathRule.INITIAL;
    private @Nullable InetSocketAddress proven; // where the process was met last
    private int failures; // attempts in a row without a stream that lasted
    private int lines; // of the present attempt
    private int strangers; // attempts in a row that met another process

    /**
     * The process that a link leads to.
     *
     * @param node its node
     * @param incarnation the process
     * @param url where it serves
     */
    record Target(String node, String incarnation, String url) {}

    /** Learns what a link finds. Called by the link's thread; may block for a moment. */
    interface Listener {
        /** The process answers. */
        void onMet(Target target);

        /** The process is dead. */
        void onDead(Target target);

        /** The process told how much is appended to its logs, in bytes per second. */
        void onRates(Target target, Map<PChannel, Long> rates);

        /** An attempt has ended, and the next one is due later. */
        void onPause(Target target);
    }

    PeerLink(
            Target target,
            PeerUrl url,
            String self,
            Listener listener,
            PeerTimes times,
            PeerLogin login,
            DoubleSupplier jitter) {
        this.target = target;
        this.url = url;
        this.path = "/v1/cluster/peers/" + self;
        this.listener = listener;
        this.times = times;
        this.login = login;
        this.jitter = jitter;
    }

    Target target() {
        return target;
    }

    /** Returns whether the process answers. */
    boolean isUp() {
        return up;
    }

    /** Returns how many attempts have ended, for tests. */
    int attempts() {
        return attempts.get();
    }

    @Override
    public void run() {
        while (!isEnded()) {
            try {
                attempt();
                report();
            } catch (RuntimeException bug) { // otherwise the link would end silently
                LOG.atError()
                        .setCause(bug)
                        .addKeyValue("node", target.node())
                        .log("a link to another node failed; it begins again");
                over(StreamEnd.OTHER, bug.toString());
            }
            pause(nextPauseMs());
        }
    }

    private void report() {
        if (isEnded()) {
            return;
        }
        if (rule.dead()) {
            listener.onDead(target);
        }
        listener.onPause(target);
    }

    private void attempt() {
        lines = 0;
        var verdict = rule.cut();
        var known = proven;
        var address = verdict && known != null ? known : url.resolve();
        var next = new PeerStream(times, login);
        if (address.isUnresolved()) {
            over(StreamEnd.OTHER, "no address for " + url.host());
        } else if (begin(next)) {
            var limit = verdict ? times.verdict() : times.connect();
            var end = next.follow(address, limit, url, path, line -> onLine(line, address));
            finish(next);
            over(end, next.detail());
        }
    }

    private void over(StreamEnd end, String detail) {
        var was = up;
        up = false;
        rule = rule.after(end, was);
        failures = lines > 1 ? 0 : failures + 1;
        attempts.incrementAndGet();
        (was ? LOG.atInfo() : LOG.atDebug())
                .addKeyValue("node", target.node())
                .addKeyValue("incarnation", target.incarnation())
                .addKeyValue("url", target.url())
                .addKeyValue("end", end)
                .addKeyValue("error", detail)
                .log("a link to another node ended");
    }

    private void onLine(byte[] bytes, InetSocketAddress address) throws IOException {
        var line = PeerLines.parse(bytes);
        lines++;
        if (lines > 1) {
            if (!line.rates().isEmpty()) {
                listener.onRates(target, line.rates());
            }
            return;
        }
        if (!line.node().equals(target.node()) || !line.incarnation().equals(target.incarnation())) {
            onStranger(line);
            throw new PeerSocket.UnexpectedAnswerException(
                    "the process " + line.incarnation() + " of node " + line.node());
        }
        strangers = 0;
        proven = address;
        up = true;
        listener.onMet(target);
        LOG.atInfo()
                .addKeyValue("node", target.node())
                .addKeyValue("incarnation", target.incarnation())
                .addKeyValue("url", target.url())
                .log("a link to another node is up");
    }

    private void onStranger(PeerLines.Line line) {
        strangers++;
        if (strangers == STRANGERS) {
            LOG.atWarn()
                    .addKeyValue("node", target.node())
                    .addKeyValue("url", target.url())
                    .addKeyValue("found", line.incarnation())
                    .log("the URL of another node leads to another process; give each node a cluster.peer.url or an"
                            + " http.advertised.url that leads to it");
        }
    }

    /** Returns how long to wait for the next attempt. The attempt that decides about a process that was up comes at once. */
    private long nextPauseMs() {
        if (rule.cut() && rule.uncounted() > 0) {
            return REPEAT_MS;
        }
        return rule.cut() && failures == 0 ? 0 : times.pauseMs(Math.max(1, failures), jitter.getAsDouble());
    }

    private void pause(long ms) {
        try {
            var unused = wake.tryAcquire(ms, TimeUnit.MILLISECONDS);
            wake.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end();
        }
    }

    private synchronized boolean begin(PeerStream next) {
        if (!ended) {
            stream = next;
        }
        return !ended;
    }

    private void finish(PeerStream over) {
        synchronized (this) {
            stream = null;
        }
        close(over);
    }

    private static void close(PeerStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a socket did not close cleanly");
        }
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    /** Makes the next attempt due now. */
    void wake() {
        wake.release();
    }

    /** Ends the link. Does not wait for its thread. */
    void end() {
        PeerStream open;
        synchronized (this) {
            ended = true;
            open = stream;
        }
        if (open != null) {
            close(open);
        }
        wake.release();
    }
}
