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
 * The readers of a node. Returns the bounds of this node's own logs from memory as far as possible, except for the tail of the
 * committed view. For other logs it asks Kafka each time, so as not to miss records that were acknowledged elsewhere a moment ago.
 */
final class NodeReaders implements WalReaders {
    private final WalReaders readers;
    private final TieredReads.Oldest oldest;
    private final WalManager lifetimes;

    /**
     * Creates the readers.
     *
     * @param readers read any log
     * @param oldest returns the oldest LSN of this node's logs
     * @param lifetimes the logs of this node
     */
    NodeReaders(WalReaders readers, TieredReads.Oldest oldest, WalManager lifetimes) {
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
            // Read the tail last: after a trim in between, the oldest LSN must not be above the tail.
            var wal = owned.get();
            var first = oldest.of(wal, TieredReads.Oldest.SHORTLY);
            return new LogBounds(first, view == View.LIVE ? wal.tail() : committed(pchannel));
        }
        return readers.bounds(pchannel, view);
    }

    /**
     * Returns the end of what readers of the committed view see. Only Kafka knows it: a commit is answered before its marker is
     * written, and another program's open transaction hides the records behind it.
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

    /** Does nothing: the caller closes the readers that it passed. */
    @Override
    public void close() {}
}
