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
 * Writes copies of the records that earlier owners acknowledged but did not commit: whole batches in the order of their LSNs, in
 * transactions of bounded size, each committed before the next begins. The last record of the last transaction is the snapshot
 * (docs/protocol.md#opening, step 5). One call at a time.
 *
 * <p>A committed transaction stays even if the opening fails later: the next opening finds it in the committed view and writes only
 * the records that follow.
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
    private long lastOffset = -1; // written by the producer's thread before the commit completes, read afterwards
    private volatile boolean writing; // written by the attempt, read after it failed
    private volatile long committed; // written by the attempt, read after it failed

    /**
     * Creates a republication that has written nothing.
     *
     * @param lane the lane to write on; initialized, no transaction open
     * @param stamp the stamp of the copies
     * @param claimOffset the offset of the own claim; every record must get a higher one
     * @param chunkBytes the size at which a transaction is committed
     * @param io runs calls that may block
     * @param onAcknowledged called for each acknowledged record, on the producer's thread
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

    /** Adds a whole batch. Writes and commits the collected batches once they reach the size of a transaction. */
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
     * Writes the collected batches and then a snapshot, and commits. More batches may follow.
     *
     * @return the snapshot's offset
     */
    CompletableFuture<Long> finish(long tail, long timestampMs, byte[] snapshotBody) {
        return finish(WalHeaderCodec.outgoing(
                new WalHeader.Snapshot(stamp, tail), timestampMs, new WalRecord(null, snapshotBody, List.of())));
    }

    /**
     * Writes the collected batches and then a control record, and commits. More batches may follow.
     *
     * @return the offset of the control record
     */
    CompletableFuture<Long> finish(Outgoing last) {
        chunk.add(last);
        return commitChunk().thenApply(done -> lastOffset);
    }

    /** Returns how many records were added. */
    long count() {
        return count;
    }

    /** Returns how many of the added records are committed, so that no later opening writes them again. */
    long committed() {
        return committed;
    }

    /** Returns whether a transaction was begun and is not committed. */
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
        // Two batches in flight at the start of a transaction can
        // collide at the coordinator, so the first one goes alone.
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
     * Sends records. Completes when all are acknowledged, so that the time limit of the commit begins only then. Fails if one send
     * fails: a send that fails before it reaches the transaction does not fail the commit, which would leave that record out.
     *
     * <p>Completes, also with an error, on a thread of the pool and never on the producer's thread. That thread has to empty the
     * buffer that the next sends may wait for, and callers that close the producer wait for that thread.
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

    /** Either the topic was created again after the claim, or it lost its end. The next attempt finds out which. */
    private LaneFault elsewhere(long offset) {
        return new LaneFault(
                LaneFault.Kind.UNAVAILABLE,
                new IllegalStateException("found offset " + offset + " for a record that was sent behind the claim at "
                        + "offset " + claimOffset));
    }
}
