package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalOpener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opening, from the call of the opener to its outcome. The outcome comes exactly once and within a time limit, whatever the
 * opener does.
 *
 * <p>An opener has its own deadline and ends soon after it is asked to stop. This class adds a second deadline for an opener
 * that does not: after {@link LifetimeSettings#openTimeout} the opening is asked to stop, and one close timeout later it is
 * given up. A log that opens after that is closed, even if the workers are closed by then; it was never registered or handed out,
 * and the next term fences it.
 */
final class OpenStep {
    private static final Logger log = LoggerFactory.getLogger(OpenStep.class);

    private final PChannel pchannel;
    private final long term;
    private final WalOpener opener;
    private final Workers workers;
    private final CompletableFuture<Opening> started = new CompletableFuture<>();
    private final CompletableFuture<FlushableWal> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    OpenStep(PChannel pchannel, long term, WalOpener opener, Workers workers) {
        this.pchannel = pchannel;
        this.term = term;
        this.opener = opener;
        this.workers = workers;
    }

    /** Completes with the log or the failure. */
    CompletableFuture<FlushableWal> outcome() {
        return outcome;
    }

    /**
     * Completes once the opener has finished, possibly long after the outcome, and a log that came too late is closed.
     */
    CompletableFuture<Void> released() {
        return released;
    }

    /** Starts the opening; called once, after the callers of {@link #outcome} have chained to it. */
    void start() {
        var limit = workers.settings().openTimeout();
        var grace = workers.settings().closeTimeout();
        var cancelAlarm = workers.after(limit, this::cancel);
        var giveUpAlarm = workers.after(
                limit.plus(grace),
                () -> outcome.completeExceptionally(new TimeoutException(
                        "no end within " + limit + ", nor within " + grace + " after it was asked to stop")));
        var unused = outcome.whenComplete((wal, error) -> {
            cancelAlarm.run();
            giveUpAlarm.run();
        });
        var unusedEnd = started.thenCompose(Opening::wal).whenComplete(this::onEnd);
        workers.starting().run(this::callOpener, end -> end.ifPresent(this::onCallStuck));
    }

    /** Asks the opening to stop; see {@link Opening#cancel}. */
    void cancel() {
        var unused = started.thenAccept(opening -> {
            try {
                opening.cancel();
            } catch (RuntimeException e) {
                log.atWarn()
                        .setCause(e)
                        .addKeyValue("pchannel", pchannel)
                        .addKeyValue("term", term)
                        .log("opening cannot be cancelled");
            }
        });
    }

    private void callOpener() {
        try {
            started.complete(opener.open(pchannel, term));
        } catch (RuntimeException | Error e) {
            // Errors too: the pchannel must learn that the opening is over.
            started.completeExceptionally(e);
        }
    }

    /**
     * Handles a call of the opener that exceeded its time limit or was rejected. Only a rejected call ends the opening: a slow
     * one may still return it, and has the deadlines of {@link #start}.
     */
    private void onCallStuck(Throwable thrown) {
        logProblem("the opener did not start in time", thrown);
        if (thrown instanceof RejectedExecutionException) {
            started.completeExceptionally(thrown);
        }
    }

    private void onEnd(@Nullable FlushableWal wal, @Nullable Throwable error) {
        if (wal == null) {
            outcome.completeExceptionally(
                    error != null ? error : new IllegalStateException("an opening completed without a log"));
            released.complete(null);
        } else if (outcome.complete(wal)) {
            released.complete(null);
        } else {
            workers.releasing().run(wal::close, end -> {
                end.ifPresent(thrown -> logProblem("a log that came too late did not close", thrown));
                released.complete(null);
            });
        }
    }

    private void logProblem(String message, Throwable thrown) {
        log.atError()
                .setCause(thrown)
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("term", term)
                .log(message);
    }
}
