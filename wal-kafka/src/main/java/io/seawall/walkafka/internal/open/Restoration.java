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
 * Fills a log that was made to begin somewhere: copies with the terms that wrote them first, in transactions of bounded size, each
 * with a snapshot as its last record, so that nobody ever searches further back than one transaction for a record that is no copy.
 * Every snapshot but the last one says that the restore goes on.
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
     * A restoration.
     *
     * @param log at its forced start; closed by the caller
     * @param author who restores
     * @param source the records, from that start on
     * @param shared ports and pools
     */
    Restoration(OpenedLog log, ControlBody.Author author, RestoredRecords source, WalContext shared) {
        this.log = log;
        this.author = author;
        this.source = source;
        this.shared = shared;
        this.lastTimestampMs = log.lastTimestampMs();
        this.committed = log.tail();
        var laneA = Objects.requireNonNull(log.lanes().get(Lane.A), "there is one for each lane");
        // It is this class that ends transactions.
        var behind = log.snapshot().offset();
        this.lane =
                new Republication(laneA, log.stamp(), behind, CopyBytes.always(Long.MAX_VALUE), shared.io(), () -> {});
    }

    /** Runs; gives the tail. */
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
            // Below the size at which it would commit, so this is done at once.
            lane.add(List.of(entry(record))).join();
        }
        var last = !source.hasNext();
        var tail = source.next();
        var body = new ControlBody.Snapshot(author, author.instance(), log.oldest(), null, !last);
        // Not on Kafka's thread: the next records may take their time.
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

    /** What a person has to know, around what went wrong; what the records' source throws comes through. */
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
