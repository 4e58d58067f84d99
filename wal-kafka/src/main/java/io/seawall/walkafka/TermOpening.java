package io.seawall.walkafka;

import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens one term: the first takeover of its claimant. */
final class TermOpening implements Opening {
    private static final Logger LOG = LoggerFactory.getLogger(TermOpening.class);

    private final Shared shared;
    private final Claimant claimant;
    private final Takeover takeover;
    private final long startedMs;
    private final CompletableFuture<Wal> result = new CompletableFuture<>();

    TermOpening(PChannel pchannel, long term, Shared shared) {
        this.shared = shared;
        this.claimant = new Claimant(pchannel, term, shared);
        var limit = new Takeover.Limit(shared.settings().timeouts().open(), "wal.open.timeout.ms");
        this.takeover = new Takeover(claimant, shared, limit);
        this.startedMs = shared.time().elapsedMs();
    }

    @Override
    public CompletableFuture<Wal> wal() {
        return result;
    }

    @Override
    public void cancel() {
        takeover.cancel();
    }

    void start() {
        Futures.listen(takeover.start(Duration.ZERO), (log, error) -> {
            if (error == null) {
                complete(log);
            } else {
                result.completeExceptionally(Futures.unwrapped(error));
            }
        });
    }

    private void complete(OpenedLog opened) {
        LOG.atInfo()
                .setMessage("log opened")
                .addKeyValue("pchannel", opened.pchannel())
                .addKeyValue("term", opened.stamp().term())
                .addKeyValue("tail", opened.tail())
                .addKeyValue("republished", opened.republished())
                .addKeyValue("durationMs", shared.time().elapsedMs() - startedMs)
                .log();
        var wal = new KafkaWal(opened, shared, claimant);
        if (!result.complete(wal)) {
            wal.close();
        }
    }
}
