package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import java.util.Random;
import java.util.Set;

/** A flusher that sometimes rejects a log and sometimes throws when it unregisters one. A seed decides. */
final class ChaosFlusher implements FlusherHook {
    private final FakeFlusher flusher;
    private final Random random;

    ChaosFlusher(long seed, Journal journal) {
        this.random = new Random(seed);
        this.flusher = new FakeFlusher(journal);
    }

    Set<FlushableWal> registered() {
        return flusher.registered();
    }

    @Override
    public void register(FlushableWal wal) {
        if (random.nextInt(10) == 0) {
            throw Errors.unavailable("no room to flush");
        }
        flusher.register(wal);
    }

    @Override
    public void unregister(FlushableWal wal) {
        flusher.unregister(wal);
        if (random.nextInt(20) == 0) {
            throw Errors.unavailable("a flush in progress");
        }
    }
}
