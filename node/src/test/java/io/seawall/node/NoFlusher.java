package io.seawall.node;

import io.seawall.lifetime.FlusherHook;
import io.seawall.wal.Wal;

/** A flusher that ignores all logs. */
final class NoFlusher implements FlusherHook {
    @Override
    public void register(Wal wal) {}

    @Override
    public void unregister(Wal wal) {}
}
