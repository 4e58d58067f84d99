package io.seawall.walkafka.internal.write;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.open.WalContext;
import io.seawall.walkafka.internal.scan.BatchStart;
import io.seawall.walkafka.internal.scan.KnownLsn;
import io.seawall.walkafka.internal.scan.LogScanner;
import io.seawall.walkafka.internal.scan.LsnIndex;
import io.seawall.walkafka.internal.scan.ScanDeadline;
import io.seawall.walkafka.internal.scan.StartSearch;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.internal.serial.PortErrors;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.settings.WalSettings;
import java.util.concurrent.CompletableFuture;

/**
 * Trims an owned log (docs/protocol.md#trim). A snapshot that the committed view shows always stays, and everything behind the
 * last one: an opening finds the highest stamp and the tail there.
 */
final class LogTrim {
    private final PChannel pchannel;
    private final WalContext shared;
    private final Owner owner;
    private final String logId;

    /** What a trim needs of the log. From any thread. */
    interface Owner {
        /** The oldest LSN. */
        long oldest();

        /** The next LSN. */
        long tail();

        /** A committed snapshot whose number is not below an LSN; a fresh one is written where there is none. */
        CompletableFuture<SnapshotAt> snapshotFrom(long lsn);

        /** Notes what is the oldest LSN now; gives the one that is known then, which never goes back. */
        CompletableFuture<Long> trimmed(long oldest);
    }

    /** The trim that was asked for last; guarded by this. */
    private CompletableFuture<Long> last = CompletableFuture.completedFuture(0L);

    LogTrim(PChannel pchannel, String logId, WalContext shared, Owner owner) {
        this.pchannel = pchannel;
        this.logId = logId;
        this.shared = shared;
        this.owner = owner;
    }

    /**
     * The oldest LSN. Another tool may delete records too: then readers of the log find out, and all are told the same.
     *
     * @param known what the owner takes for it
     */
    long oldest(long known) {
        var seen = index().oldest();
        if (seen <= known) {
            return known;
        }
        var unused = owner.trimmed(seen);
        return seen;
    }

    private LsnIndex index() {
        return shared.indexes().of(pchannel, logId);
    }

    /**
     * Deletes what is below an LSN.
     *
     * @return the oldest LSN that is left
     */
    CompletableFuture<Long> before(long lsn) {
        var tail = owner.tail();
        if (lsn > tail || lsn < 0) {
            return CompletableFuture.failedFuture(outside(lsn, tail));
        }
        synchronized (this) {
            // One after the other: a trim would take away what another one is looking at. As many wait as callers do.
            var mine = last.handle((done, failure) -> lsn).thenCompose(this::trim);
            last = mine;
            return mine;
        }
    }

    private CompletableFuture<Long> trim(long lsn) {
        if (lsn <= owner.oldest()) {
            return CompletableFuture.completedFuture(owner.oldest());
        }
        return owner.snapshotFrom(lsn)
                .thenCompose(snapshot -> visible(lsn, snapshot))
                .thenApplyAsync(snapshot -> firstToKeep(lsn, snapshot), shared.io())
                .thenCompose(keep -> shared.ports()
                        .trimmer()
                        .deleteBelow(pchannel, keep.offset())
                        .thenApply(done -> keep.lsn()))
                .thenCompose(owner::trimmed)
                .exceptionallyCompose(error ->
                        CompletableFuture.failedFuture(PortErrors.walException(operation(lsn), pchannel, error)));
    }

    /** A commit that was answered is final, but not visible yet: without this a trim would leave nothing that is, and look like a loss. */
    private CompletableFuture<SnapshotAt> visible(long lsn, SnapshotAt snapshot) {
        return new MarkerWait(pchannel, operation(lsn), shared, snapshot.offset())
                .visible()
                .thenApply(seen -> snapshot);
    }

    /** Blocks. */
    private KnownLsn firstToKeep(long lsn, SnapshotAt snapshot) {
        if (snapshot.lsn() == lsn) {
            return new KnownLsn(lsn, snapshot.offset(), false);
        }
        var patience = new ScanDeadline(pchannel, operation(lsn), ScanDeadline.USUAL, shared.time());
        try (var cursor = shared.ports().readerCursors().open(pchannel, Isolation.COMMITTED)) {
            var scanner = new LogScanner(cursor, patience, shared.owners().of(pchannel, logId));
            var search = StartSearch.in(pchannel, scanner, index());
            // So far back that the batch with this LSN begins behind it.
            var before = Math.max(search.oldest(), lsn - WalSettings.Limits.BATCH_RECORDS);
            var from = search.atOrBelow(before, View.COMMITTED);
            var start = new BatchStart(lsn);
            if (Futures.joined(scanner.first(from.offset(), snapshot.offset(), start)) == null) {
                throw new IllegalStateException("no LSN " + lsn + " below the committed snapshot at offset "
                        + snapshot.offset() + ", whose number is " + snapshot.lsn());
            }
            return start.found();
        }
    }

    private WalException outside(long lsn, long tail) {
        return Problem.of(lsn < 0 ? ErrorCode.INVALID : ErrorCode.BEYOND_TAIL, operation(lsn))
                .pchannel(pchannel)
                .with("oldest", owner.oldest())
                .with("tail", tail)
                .found("LSN " + lsn)
                .expected("an LSN from 0 to " + tail)
                .exception();
    }

    private String operation(long lsn) {
        return "trim " + pchannel + " before LSN " + lsn;
    }
}
