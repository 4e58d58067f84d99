package io.seawall.walkafka.internal.open;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRestorer;
import io.seawall.walkafka.internal.serial.Futures;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Restores logs. Each restore is a takeover that starts the log again. Records are read on the pool for blocking calls. */
public final class Restorer implements WalRestorer {
    private final WalContext shared;
    private final Map<Takeover, CompletableFuture<Long>> underWay = new ConcurrentHashMap<>();
    private volatile boolean closed; // written by close, read by threads that restore

    public Restorer(WalContext shared) {
        this.shared = shared;
    }

    @Override
    public long restore(PChannel pchannel, long term, long first, Iterator<LogRecord> records) {
        var source = new RestoredRecords(pchannel, term, first, records);
        var nowMs = shared.time().wallMs();
        var start = new ForcedStart(first, source.firstTimestampMs(nowMs));
        var claimant = new Claimant(pchannel, term, shared, start);
        var limit = new Takeover.Limit(shared.settings().timeouts().open(), "wal.open.timeout.ms");
        var takeover = new Takeover(claimant, shared, limit);
        var result = new CompletableFuture<Long>();
        underWay.put(takeover, result);
        try {
            // If close() fails this restore, its takeover has to stop too.
            Futures.listen(result, (tail, error) -> takeover.cancel());
            if (closed) {
                close();
            }
            shared.io()
                    .execute(() -> Futures.listen(
                            takeover.start(Duration.ZERO)
                                    .thenComposeAsync(log -> fill(log, claimant, source, result), shared.io()),
                            (tail, error) -> end(result, tail, error)));
            return Futures.joined(result);
        } finally {
            underWay.remove(takeover);
        }
    }

    private CompletableFuture<Long> fill(
            OpenedLog log, Claimant claimant, RestoredRecords source, CompletableFuture<Long> result) {
        var restoration = new Restoration(log, claimant.author(), source, shared);
        Futures.listen(result, (tail, error) -> log.close());
        return restoration.run();
    }

    private static void end(CompletableFuture<Long> result, Long tail, @Nullable Throwable error) {
        if (error == null) {
            result.complete(tail);
        } else {
            result.completeExceptionally(FutureErrors.unwrapped(error));
        }
    }

    /** Ends the restores in progress and leaves their logs unfinished. */
    public void close() {
        closed = true;
        underWay.values()
                .forEach(each -> each.completeExceptionally(Problem.of(ErrorCode.SHUTTING_DOWN, "restore a log")
                        .found("the connection to Kafka being closed")
                        .exception()));
    }
}
