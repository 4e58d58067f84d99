package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;

/**
 * Receives the logs that are open. Calls for one pchannel do not overlap, unless one of them exceeds
 * {@link LifetimeSettings#closeTimeout}. Each registered log is unregistered once, before it closes.
 */
public interface FlusherHook {
    /**
     * Registers an opened log. Does no I/O: the flusher itself retries while its store is unavailable. If this throws, the log
     * counts as not registered, is closed, and the opening fails.
     *
     * @param wal the log; the lifetime closes it, never the flusher
     */
    void register(FlushableWal wal);

    /**
     * Unregisters a log that is about to close. May block for {@link LifetimeSettings#closeTimeout}; then its thread is
     * interrupted and the log closes anyway.
     *
     * @param wal a log that was registered
     */
    void unregister(FlushableWal wal);
}
