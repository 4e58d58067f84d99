package io.seawall.lifetime;

import io.seawall.wal.Wal;

/**
 * Who has to know which logs are open. Calls for one pchannel do not overlap, unless one of them overran
 * {@link LifetimeSettings#closeTimeout}; each log that was registered is unregistered once, before it closes.
 */
public interface FlusherHook {
    /**
     * Takes note of an opened log. Does no I/O: a store that is away is a matter of the flusher's own retries. If it throws,
     * the log counts as not registered, is closed, and the opening fails.
     *
     * @param wal the log; closed by the lifetime, never by the flusher
     */
    void register(Wal wal);

    /**
     * Lets go of a log that is about to close. May block, but for no longer than {@link LifetimeSettings#closeTimeout}: then
     * its thread is interrupted and the log closes all the same.
     *
     * @param wal a log that was registered
     */
    void unregister(Wal wal);
}
