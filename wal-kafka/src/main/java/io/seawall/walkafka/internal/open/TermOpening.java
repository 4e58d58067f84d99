package io.seawall.walkafka.internal.open;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.serial.Futures;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The opening of a log at one term. It waits in the {@link OpeningQueue}, then runs the first takeover of its claimant. */
public final class TermOpening implements Opening {
    private static final Logger LOG = LoggerFactory.getLogger(TermOpening.class);

    private final WalContext shared;
    private final Claimant claimant;
    private final BiFunction<OpenedLog, Claimant, FlushableWal> writer;
    private final CompletableFuture<FlushableWal> result = new CompletableFuture<>();
    private volatile boolean cancelled; // written by cancel, read at the start
    private volatile @Nullable Takeover takeover; // written at the start, read by cancel
    private volatile long startedMs; // written at the start

    /**
     * Creates an opening that is not started.
     *
     * @param pchannel the log
     * @param term the term to claim
     * @param shared what all logs of this process share
     * @param writer makes the log that callers get out of the log that was taken over
     */
    public TermOpening(
            PChannel pchannel, long term, WalContext shared, BiFunction<OpenedLog, Claimant, FlushableWal> writer) {
        this.shared = shared;
        this.writer = writer;
        this.claimant = new Claimant(pchannel, term, shared);
    }

    @Override
    public CompletableFuture<FlushableWal> wal() {
        return result;
    }

    @Override
    public void cancel() {
        cancelled = true;
        var started = takeover;
        if (started == null) {
            result.completeExceptionally(Takeover.cancelledProblem(claimant.operation(), claimant.pchannel()));
        } else {
            started.cancel();
        }
    }

    /** Starts the takeover. Its deadline counts from here on. */
    public void start() {
        var limit = new Takeover.Limit(shared.settings().timeouts().open(), "wal.open.timeout.ms");
        var started = new Takeover(claimant, shared, limit);
        startedMs = shared.time().elapsedMs();
        takeover = started;
        if (cancelled) {
            started.cancel(); // cancel() may have run before this takeover was visible to it
        }
        // On the pool: callers' code that follows may block, which
        // the threads of the admin client and the timer must not.
        Futures.listenOn(shared.io(), started.start(Duration.ZERO), (log, error) -> {
            if (error == null) {
                complete(log);
            } else {
                result.completeExceptionally(FutureErrors.unwrapped(error));
            }
        });
    }

    private void complete(OpenedLog opened) {
        LOG.atDebug() // callers log that they have opened it, and why
                .setMessage("log opened")
                .addKeyValue("pchannel", opened.pchannel())
                .addKeyValue("term", opened.stamp().term())
                .addKeyValue("tail", opened.tail())
                .addKeyValue("republished", opened.republished())
                .addKeyValue("durationMs", shared.time().elapsedMs() - startedMs)
                .log();
        var wal = writer.apply(opened, claimant);
        if (!result.complete(wal)) {
            wal.close();
        }
    }
}
