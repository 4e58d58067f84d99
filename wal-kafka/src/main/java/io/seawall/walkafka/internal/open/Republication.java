package io.seawall.walkafka.internal.open;

import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.RecordSizes;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes again what earlier owners acknowledged but did not commit: in the order of the LSNs, whole batches, in transactions of
 * bounded size, each committed before the next; the very last record is the snapshot (docs/protocol.md#opening, step 5). One call
 * at a time.
 *
 * <p>Each committed transaction stays, whatever becomes of the rest: the next opening finds that the committed view ends behind it
 * and writes only what follows.
 */
final class Republication {
    private final LaneProducer lane;
    private final Stamp stamp;
    private final long claimOffset;
    private final CopyBytes chunkBytes;
    private final Executor io;
    private final Runnable onAcknowledged;
    private final List<Outgoing> chunk = new ArrayList<>();
    private long bytes;
    private long count;
    private long lastOffset = -1; // written by the producer's thread before the commit completes, read after
    private volatile boolean writing; // written by the opening, read when it failed
    private volatile long committed; // likewise

    /**
     * A republication.
     *
     * @param lane where it writes; initialized, no transaction open
     * @param stamp who writes
     * @param claimOffset where the claim is: everything is written behind it
     * @param chunkBytes a transaction that holds so much is committed
     * @param io makes calls that may block
     * @param onAcknowledged told for each record that is acknowledged, on the producer's thread
     */
    Republication(
            LaneProducer lane,
            Stamp stamp,
            long claimOffset,
            CopyBytes chunkBytes,
            Executor io,
            Runnable onAcknowledged) {
        this.lane = lane;
        this.stamp = stamp;
        this.claimOffset = claimOffset;
        this.chunkBytes = chunkBytes;
        this.io = io;
        this.onAcknowledged = onAcknowledged;
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
            bytes += RecordSizes.counted(entry.data());
            count++;
        }
        return bytes >= chunkBytes.now() ? commitChunk() : CompletableFuture.completedFuture(null);
    }

    /**
     * Writes the snapshot behind everything and commits.
     *
     * @return the snapshot's offset
     */
    CompletableFuture<Long> finish(long tail, long timestampMs, byte[] snapshotBody) {
        return finish(WalHeaderCodec.outgoing(
                new WalHeader.Snapshot(stamp, tail), timestampMs, new WalRecord(null, snapshotBody, List.of())));
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

    /** How many records it was given. */
    long count() {
        return count;
    }

    /** How many of them are committed, so that nobody has to write them again. */
    long committed() {
        return committed;
    }

    /** Whether a transaction was begun and is not committed. */
    boolean isWriting() {
        return writing;
    }

    private CompletableFuture<Void> commitChunk() {
        var outgoing = List.copyOf(chunk);
        var counted = count;
        chunk.clear();
        bytes = 0;
        writing = true;
        lane.begin();
        // Two batches in flight at the start of a transaction can collide at the coordinator, so the first one goes
        // alone.
        return sent(outgoing.subList(0, 1))
                .thenCompose(alone -> sent(outgoing.subList(1, outgoing.size())))
                .thenCompose(all -> lane.commit())
                .thenRun(() -> {
                    writing = false;
                    committed = counted;
                    chunkBytes.grow();
                });
    }

    /**
     * Sends records; completes when all are acknowledged, so that only then the time for the commit begins. A send that fails before
     * it reaches the transaction does not fail the commit: without this look a record would be left out for ever.
     *
     * <p>Never completes on the producer's thread, well or not: that one has to empty the buffer which the next sends may wait for,
     * and callers that close the producer wait for it.
     */
    private CompletableFuture<Void> sent(List<Outgoing> records) {
        var waiting = new AtomicInteger(records.size());
        var all = new CompletableFuture<Void>();
        if (records.isEmpty()) {
            all.complete(null);
        }
        for (var record : records) {
            lane.send(record, (offset, fault) -> {
                if (fault != null || offset <= claimOffset) {
                    all.completeExceptionally(fault == null ? elsewhere(offset) : fault);
                    return;
                }
                lastOffset = Math.max(lastOffset, offset);
                onAcknowledged.run();
                if (waiting.decrementAndGet() == 0) {
                    all.complete(null);
                }
            });
        }
        return all.whenCompleteAsync((done, fault) -> {}, io);
    }

    /** The topic was created again behind the claim, or lost its end: the next attempt finds out which. */
    private LaneFault elsewhere(long offset) {
        return new LaneFault(
                LaneFault.Kind.UNAVAILABLE,
                new IllegalStateException("found offset " + offset + " for a record that was sent behind the claim at "
                        + "offset " + claimOffset));
    }
}
