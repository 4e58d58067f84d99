package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Record;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.LogTrimmer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where a log without records is made to begin, before it is filled from elsewhere. What stood in it goes, so that the first thing
 * in it is the snapshot with that number, as behind a trim:
 *
 * <pre>
 * lease      committed first, as the claim is about to go and the stamp has to stay
 *            once the lease is visible, what is below it is deleted
 * snapshot   with the number of the first LSN; says that a restore goes on
 * </pre>
 *
 * A crash in between leaves a log that is still without records, or one that begins there and cannot be opened: both can be forced
 * once more.
 *
 * @param first the LSN
 * @param timestampMs the CreateTime of what is written, in milliseconds since the epoch: not above that of the first record, as
 *     whoever looks for a moment would begin here
 */
record ForcedStart(long first, long timestampMs) {
    /**
     * Refuses a log that has records, or would have numbers used twice. Only behind the own claim.
     *
     * @param window what its committed view shows below the claim
     * @param live walks the live view: what was acknowledged and not committed counts
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
     * Writes it on the lane of the claim; gives the snapshot, committed.
     *
     * @param trimmer deletes what is below an offset once the committed view shows the record there
     */
    CompletableFuture<SnapshotAt> write(
            PChannel pchannel, Stamp stamp, ControlBody.Author author, Republication lane, LogTrimmer trimmer) {
        var lease = WalHeaderCodec.outgoing(
                new WalHeader.Lease(stamp), timestampMs, new Record(null, ControlBody.lease(-1), List.of()));
        var body = new ControlBody.Snapshot(author, author.instance(), first, null, true).toBytes(List.of());
        return lane.finish(lease)
                .thenCompose(offset -> trimmer.deleteBelow(pchannel, offset))
                .thenCompose(trimmed -> lane.finish(first, timestampMs, body))
                .thenApply(offset -> new SnapshotAt(offset, first));
    }
}
