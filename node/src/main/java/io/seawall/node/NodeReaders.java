package io.seawall.node;

import io.seawall.lifetime.WalManager;
import io.seawall.wal.LogBounds;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.PChannel;
import io.seawall.wal.RetryableException;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.Wal;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.util.Optional;

/**
 * The readers of a node. Where a log begins and ends, its owner knows (almost) without asking, but not how far the committed view
 * reaches; for other logs Kafka is asked each time, so that what was acknowledged elsewhere a moment ago is not missed.
 */
final class NodeReaders implements WalReaders {
    private final WalReaders readers;
    private final Seam.Oldest oldest;
    private final WalManager lifetimes;

    /**
     * Readers.
     *
     * @param readers of any log
     * @param oldest where logs of this node begin
     * @param lifetimes which logs are this node's
     */
    NodeReaders(WalReaders readers, Seam.Oldest oldest, WalManager lifetimes) {
        this.readers = readers;
        this.oldest = oldest;
        this.lifetimes = lifetimes;
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        return readers.open(pchannel, from, view);
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        var owned = owned(pchannel);
        if (owned.isPresent()) {
            // The tail last: a trim in between must not show an oldest record above it.
            var wal = owned.get();
            var first = oldest.of(wal, Seam.Oldest.SHORTLY);
            return new LogBounds(first, view == View.LIVE ? wal.tail() : committed(pchannel));
        }
        return readers.bounds(pchannel, view);
    }

    /**
     * What readers see, which only Kafka knows: a commit is answered before its marker is written, and another program's open
     * transaction hides what comes behind it.
     */
    private long committed(PChannel pchannel) {
        return readers.bounds(pchannel, View.COMMITTED).tail();
    }

    @Override
    public String logId(PChannel pchannel) {
        return owned(pchannel).map(Wal::logId).orElseGet(() -> readers.logId(pchannel));
    }

    private Optional<Wal> owned(PChannel pchannel) {
        try {
            return Optional.of(lifetimes.get(pchannel));
        } catch (OwnershipException | RetryableException notHere) {
            return Optional.empty();
        }
    }

    /** Nothing: the readers below are closed by whoever made them. */
    @Override
    public void close() {}
}
