package io.seawall.node.http.pace;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends the pending read or write of a request when its client is too slow. Reports to the connection that it was idle for
 * too long; Jetty then fails that read or write, serialized with everything else that it does for the request. Runs on
 * Jetty's scheduler; {@link #start} and {@link #stop} may come from any thread.
 */
public final class PaceWatch implements Runnable {
    private final Request request;
    private final Scheduler scheduler;
    private final Pace pace;
    private final LongSupplier bytes;
    private final Runnable tooSlow;
    private long elapsedMs; // the sum of the scheduled delays, so that a clock that jumps ends no client
    private long delayMs;
    private boolean counted;
    private boolean stopped;
    private Scheduler.@Nullable Task next;

    /**
     * Creates a watch that is not started.
     *
     * @param request the request whose body or answer is watched
     * @param pace how fast the client must be
     * @param bytes returns the number of bytes so far; called on the scheduler's thread
     * @param tooSlow called once if the client is too slow
     */
    PaceWatch(Request request, Pace pace, LongSupplier bytes, Runnable tooSlow) {
        this.request = request;
        this.scheduler = request.getComponents().getScheduler();
        this.pace = pace;
        this.bytes = bytes;
        this.tooSlow = tooSlow;
    }

    /** Starts to watch, unless it has been started before. */
    public synchronized void start() {
        if (next == null && !stopped) {
            schedule(pace.allowedMs(0));
        }
    }

    public synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel();
        }
    }

    private void schedule(long inMs) {
        delayMs = inMs;
        next = scheduler.schedule(this, inMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        if (isTooSlow()) {
            request.getConnectionMetaData()
                    .getConnection()
                    .onIdleExpired(
                            new SlowClientException("slower than " + pace.bytesPerSecond() + " bytes a second after "
                                    + pace.grace().toMillis() + " ms (http.min.rate.bytes, http.min.rate.grace.ms)"));
        }
    }

    /**
     * Checks the pace, and schedules the next check even if the client is too slow: reporting it has no effect if no read or
     * write is pending at that moment.
     */
    private synchronized boolean isTooSlow() {
        if (stopped) {
            return false;
        }
        elapsedMs += delayMs;
        var leftMs = pace.allowedMs(bytes.getAsLong()) - elapsedMs;
        schedule(leftMs > 0 ? leftMs : pace.allowedMs(0));
        if (leftMs <= 0 && !counted) {
            counted = true;
            tooSlow.run();
        }
        return leftMs <= 0;
    }

    /** Thrown for a client that sends or receives too few bytes. */
    public static final class SlowClientException extends TimeoutException {
        private static final long serialVersionUID = 1;

        SlowClientException(String message) {
            super(message);
        }
    }
}
