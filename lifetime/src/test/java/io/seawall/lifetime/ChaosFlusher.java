package io.seawall.lifetime;

import io.seawall.wal.Wal;
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

    Set<Wal> registered() {
        return flusher.registered();
    }

    @Override
    public void register(Wal wal) {
        if (random.nextInt(10) == 0) {
            throw Errors.unavailable("no room to flush");
        }
        flusher.register(wal);
    }

    @Override
    public void unregister(Wal wal) {
        flusher.unregister(wal);
        if (random.nextInt(20) == 0) {
            throw Errors.unavailable("a flush in progress");
        }
    }
}
