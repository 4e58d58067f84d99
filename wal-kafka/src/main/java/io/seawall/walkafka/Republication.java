package io.seawall.walkafka;

import io.seawall.wal.Record;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Writes again what earlier owners acknowledged but did not commit: in the order of the LSNs, whole batches, in transactions of
 * bounded size, each committed before the next; the very last record is the snapshot (docs/protocol.md#opening, step 5). One call
 * at a time.
 */
final class Republication {
    private final LaneProducer lane;
    private final Stamp stamp;
    private final long chunkBytes;
    private final Executor io;
    private final List<Outgoing> chunk = new ArrayList<>();
    private long bytes;
    private long count;
    private long lastOffset = -1; // written by the producer's thread before the commit completes, read after
    private volatile @Nullable LaneFault failed; // written by whichever thread a send fails on

    Republication(LaneProducer lane, Stamp stamp, long chunkBytes, Executor io) {
        this.lane = lane;
        this.stamp = stamp;
        this.chunkBytes = chunkBytes;
        this.io = io;
    }

    /** Takes one whole batch; commits when enough has come together. */
    CompletableFuture<Void> add(List<LogEntry> batch) {
        for (var entry : batch) {
            var data = (WalHeader.Data) entry.header();
            if (data == null) {
                throw new IllegalArgumentException("only data is written again");
            }
            var header = WalHeaderCodec.write(data.copiedBy(stamp));
            chunk.add(new Outgoing(header, entry.writer(), entry.timestampMs(), entry.data()));
            bytes += PendingAppend.countedBytes(entry.data());
            count++;
        }
        return bytes >= chunkBytes ? commitChunk() : CompletableFuture.completedFuture(null);
    }

    /**
     * Writes the snapshot behind everything and commits.
     *
     * @return the snapshot's offset
     */
    CompletableFuture<Long> finish(long tail, long timestampMs, byte[] snapshotBody) {
        return finish(WalHeaderCodec.outgoing(
                new WalHeader.Snapshot(stamp, tail), timestampMs, new Record(null, snapshotBody, List.of())));
    }

    /**
     * Writes a record of our own behind everything and commits. More may follow.
     *
     * @return its offset
     */
    CompletableFuture<Long> finish(Outgoing last) {
        chunk.add(last);
        return commitChunk().thenApply(done -> lastOffset);
    }

    long count() {
        return count;
    }

    private CompletableFuture<Void> commitChunk() {
        var outgoing = List.copyOf(chunk);
        chunk.clear();
        bytes = 0;
        lane.begin();
        // Two batches in flight at the start of a transaction can collide at the coordinator, so the first one goes
        // alone.
        var first = new CompletableFuture<Void>();
        lane.send(outgoing.get(0), (offset, fault) -> {
            note(offset, fault);
            first.complete(null);
        });
        // Not on the producer's thread, which has to empty the buffer that the next sends may wait for.
        return first.thenComposeAsync(
                alone -> {
                    outgoing.subList(1, outgoing.size()).forEach(record -> lane.send(record, this::note));
                    // A send that fails before it reaches the transaction does not fail the commit: without this look a
                    // record would be left out for ever.
                    var fault = failed;
                    return fault == null ? lane.commit() : CompletableFuture.failedFuture(fault);
                },
                io);
    }

    private void note(long offset, @Nullable LaneFault fault) {
        if (fault == null) {
            lastOffset = Math.max(lastOffset, offset);
        } else {
            failed = fault;
        }
    }
}
