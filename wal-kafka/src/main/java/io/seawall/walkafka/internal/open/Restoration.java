package io.seawall.walkafka.internal.open;

import io.seawall.wal.Effect;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.LogRecord;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.RecordSizes;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.serial.Loop;
import io.seawall.walkafka.internal.serial.PortErrors;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Fills a log that begins at a {@link ForcedStart}. Writes the records as copies that name their original terms, in transactions of
 * bounded size. Each transaction ends with a snapshot, so that a search for a window's base reads back one transaction at most.
 * Every snapshot but the last one states that the restore is unfinished.
 */
final class Restoration {
    private final OpenedLog log;
    private final ControlBody.Author author;
    private final RestoredRecords source;
    private final WalContext shared;
    private final Republication lane;
    private long lastTimestampMs;
    private long committed;
    private boolean done;

    /**
     * Creates a restoration.
     *
     * @param log the log at its forced start; the caller closes it
     * @param author the author of the snapshots
     * @param source the records, beginning at the forced start
     * @param shared what all logs of this process share
     */
    Restoration(OpenedLog log, ControlBody.Author author, RestoredRecords source, WalContext shared) {
        this.log = log;
        this.author = author;
        this.source = source;
        this.shared = shared;
        this.lastTimestampMs = log.lastTimestampMs();
        this.committed = log.tail();
        var laneA = Objects.requireNonNull(log.lanes().get(Lane.A), "there is one for each lane");
        // The republication must not commit by itself: transaction() decides when a transaction ends.
        var behind = log.snapshot().offset();
        this.lane =
                new Republication(laneA, log.stamp(), behind, CopyBytes.always(Long.MAX_VALUE), shared.io(), () -> {});
    }

    /** Writes all records. Completes with the log's new tail. */
    CompletableFuture<Long> run() {
        return Loop.until(() -> done, this::transaction)
                .thenApply(filled -> committed)
                .exceptionallyCompose(
                        error -> CompletableFuture.failedFuture(unfinished(FutureErrors.unwrapped(error))));
    }

    private CompletableFuture<?> transaction() {
        var bytes = 0L;
        while (source.hasNext() && bytes < shared.settings().lease().rollBytes()) {
            var record = source.take();
            lastTimestampMs = Math.max(lastTimestampMs, record.timestampMs());
            bytes += RecordSizes.counted(record.data());
            // Does not block: the republication only collects the record.
            lane.add(List.of(entry(record))).join();
        }
        var last = !source.hasNext();
        var tail = source.next();
        var body = new ControlBody.Snapshot(author, author.instance(), log.oldest(), null, !last);
        // Continues on the pool, not on Kafka's thread: reading the next records may block.
        return lane.finish(tail, lastTimestampMs, body.toBytes(List.of()))
                .thenAcceptAsync(
                        offset -> {
                            committed = tail;
                            done = last;
                        },
                        shared.io());
    }

    private static LogEntry entry(LogRecord record) {
        var header = WalHeader.Data.single(new Stamp(record.term(), 0), record.lsn());
        return new LogEntry(record.offset(), record.timestampMs(), header, null, record.data());
    }

    /** Wraps an error of the log into one that tells the operator what to do. Returns errors of the records' source unchanged. */
    private Throwable unfinished(Throwable error) {
        if (error instanceof WalException || error instanceof LaneFault) {
            var cause = PortErrors.walException("restore " + log.pchannel(), log.pchannel(), error);
            var problem = Problem.of(cause.code(), "restore " + log.pchannel())
                    .pchannel(log.pchannel())
                    .effect(Effect.UNKNOWN)
                    .found("after LSN " + committed + " was reached: " + cause.getMessage())
                    .fix(
                            "delete the topic, create it again and restore it once more: what is in it now cannot be opened")
                    .cause(cause);
            for (var number : cause.problem().numbers().entrySet()) {
                problem = problem.with(number.getKey(), number.getValue());
            }
            return problem.with("restoredBelow", committed).exception();
        }
        return error;
    }
}
