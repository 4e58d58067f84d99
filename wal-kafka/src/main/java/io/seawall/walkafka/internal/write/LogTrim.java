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
 * Trims an owned log (docs/protocol.md#trim). The last committed snapshot always stays, with everything after it, because an
 * opening finds the highest stamp and the tail there. Thread-safe.
 */
final class LogTrim {
    private final PChannel pchannel;
    private final WalContext shared;
    private final Owner owner;
    private final String logId;

    /** The log that is trimmed. Thread-safe. */
    interface Owner {
        /** Returns the oldest LSN. */
        long oldest();

        /** Returns the next LSN. */
        long tail();

        /** Completes with a committed snapshot whose number is not below an LSN; writes one if there is none. */
        CompletableFuture<SnapshotAt> snapshotFrom(long lsn);

        /** Notes the oldest LSN after a trim. Completes with the highest one noted so far. */
        CompletableFuture<Long> trimmed(long oldest);
    }

    /** The last trim that was called; guarded by this. */
    private CompletableFuture<Long> last = CompletableFuture.completedFuture(0L);

    LogTrim(PChannel pchannel, String logId, WalContext shared, Owner owner) {
        this.pchannel = pchannel;
        this.logId = logId;
        this.shared = shared;
        this.owner = owner;
    }

    /**
     * Returns the oldest LSN. Another tool may delete records too. Readers of this process notice that, and the owner then reports the
     * same LSN as they do.
     *
     * @param known the oldest LSN that the owner knows of
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
     * Deletes everything below an LSN.
     *
     * @return completes with the oldest LSN that is left
     */
    CompletableFuture<Long> before(long lsn) {
        var tail = owner.tail();
        if (lsn > tail || lsn < 0) {
            return CompletableFuture.failedFuture(outside(lsn, tail));
        }
        synchronized (this) {
            // One at a time: a trim would delete records that another one reads. As many wait as callers do.
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

    /**
     * Waits until readers see the snapshot. Its commit is final but may not be visible yet, and readers would then take the trim
     * for a loss.
     */
    private CompletableFuture<SnapshotAt> visible(long lsn, SnapshotAt snapshot) {
        return new MarkerWait(pchannel, operation(lsn), shared, snapshot.offset())
                .visible()
                .thenApply(seen -> snapshot);
    }

    /** Finds the first record that must stay. Blocks. */
    private KnownLsn firstToKeep(long lsn, SnapshotAt snapshot) {
        if (snapshot.lsn() == lsn) {
            return new KnownLsn(lsn, snapshot.offset(), false);
        }
        var deadline = new ScanDeadline(pchannel, operation(lsn), ScanDeadline.USUAL, shared.time());
        try (var cursor = shared.ports().readerCursors().open(pchannel, Isolation.COMMITTED)) {
            var scanner = new LogScanner(cursor, deadline, shared.owners().of(pchannel, logId));
            var search = StartSearch.in(pchannel, scanner, index());
            // Far enough back that the batch with this LSN begins after it.
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
