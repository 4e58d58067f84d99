package io.seawall.walkafka.internal.open;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import io.seawall.walkafka.internal.scan.LogScanner;
import io.seawall.walkafka.internal.scan.LogWindow;
import io.seawall.walkafka.port.LogTrimmer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The LSN at which an empty log starts before a restore fills it. Older control records are deleted, so that the log starts with
 * a snapshot of that LSN, as it does after a trim:
 *
 * <pre>
 * lease      committed first: the claim is about to be deleted, and the stamp must stay in the log;
 *            once the lease is visible, the records below it are deleted
 * snapshot   with the first LSN; states that a restore is unfinished
 * </pre>
 *
 * <p>A crash in between leaves a log that is still empty, or one that starts with the snapshot and cannot be opened. Both can be
 * restored again.
 *
 * @param first the first LSN
 * @param timestampMs the CreateTime of the lease and the snapshot, in milliseconds since the epoch; at most that of the first
 *     record, since a search by time would otherwise start here
 */
record ForcedStart(long first, long timestampMs) {
    /**
     * Refuses a log that has records, or in which LSNs would be used twice. Called after the own claim is committed.
     *
     * @param window the window of committed records below the claim
     * @param live reads the live view, since records that are acknowledged but not committed count too
     */
    CompletableFuture<Void> refuseUnlessEmpty(PChannel pchannel, LogWindow window, LogScanner live, long claimOffset) {
        var base = window.base();
        if (base != null && base.lsn() != 0 && base.lsn() != first) {
            throw notEmpty(pchannel, "a log whose tail is " + window.committedTail());
        }
        return live.walk(window.start(), claimOffset, entry -> {
            if (entry.header() instanceof WalHeader.Data data) {
                throw notEmpty(pchannel, "a record with LSN " + data.lsn() + " at offset " + entry.offset());
            }
        });
    }

    private WalException notEmpty(PChannel pchannel, String found) {
        return Problem.of(ErrorCode.INVALID, "restore " + pchannel + " from LSN " + first)
                .pchannel(pchannel)
                .found(found)
                .expected("a log that never had a record, or has lost them all")
                .fix("restore into another topic, or delete this one and create it again")
                .exception();
    }

    /**
     * Writes the lease and the snapshot on the lane of the claim, and completes with the committed snapshot.
     *
     * @param trimmer deletes the records below an offset, once the committed view shows the record at that offset
     */
    CompletableFuture<SnapshotAt> write(
            PChannel pchannel, Stamp stamp, ControlBody.Author author, Republication lane, LogTrimmer trimmer) {
        var lease = WalHeaderCodec.outgoing(
                new WalHeader.Lease(stamp), timestampMs, new WalRecord(null, ControlBody.lease(-1), List.of()));
        var body = new ControlBody.Snapshot(author, author.instance(), first, null, true).toBytes(List.of());
        return lane.finish(lease)
                .thenCompose(offset -> trimmer.deleteBelow(pchannel, offset))
                .thenCompose(trimmed -> lane.finish(first, timestampMs, body))
                .thenApply(offset -> new SnapshotAt(offset, first));
    }
}
