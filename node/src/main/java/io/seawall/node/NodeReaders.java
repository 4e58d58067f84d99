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
 * The readers of a node. Where a log ends, its owner knows without asking; for other logs Kafka is asked each time, so that what
 * was acknowledged elsewhere a moment ago is not missed.
 */
final class NodeReaders implements WalReaders {
    private final WalReaders readers;
    private final WalManager lifetimes;
    private final LogFacts facts;

    NodeReaders(WalReaders readers, WalManager lifetimes, LogFacts facts) {
        this.readers = readers;
        this.lifetimes = lifetimes;
        this.facts = facts;
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        return readers.open(pchannel, from, view);
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        var owned = owned(pchannel);
        if (owned.isPresent()) {
            // Asked before the oldest, which takes its time: a bound may be old when it arrives, never too high.
            var wal = owned.get();
            var tail = view == View.LIVE ? wal.tail() : wal.committed();
            return new LogBounds(facts.bounds(pchannel).oldest(), tail);
        }
        return readers.bounds(pchannel, view);
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
