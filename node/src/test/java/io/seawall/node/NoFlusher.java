package io.seawall.node;

import io.seawall.lifetime.FlusherHook;
import io.seawall.wal.FlushableWal;

/** A flusher that ignores all logs. */
public final class NoFlusher implements FlusherHook {
    @Override
    public void register(FlushableWal wal) {}

    @Override
    public void unregister(FlushableWal wal) {}
}
