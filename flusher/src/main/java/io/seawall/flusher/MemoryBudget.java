package io.seawall.flusher;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of all pchannels of a flusher. Half of the budget covers what each thread needs to write and, through permits, the
 * readers; there is at least one permit per thread. The remainder is for blocks that are not full: a spool that may not keep
 * its block writes it out, so no thread waits for memory of that kind. The few KiB of a pchannel's own state are not counted.
 * Thread-safe.
 */
final class MemoryBudget {
    private final FlusherSettings.Memory settings;
    private final ReaderPermits readers;
    private final long writersBytes;
    private final long mostKeptBytes;
    private final AtomicLong keptBytes = new AtomicLong();

    MemoryBudget(FlusherSettings.Memory settings, int threads) {
        this.settings = settings;
        this.writersBytes = threads * settings.writerBytes();
        var forReaders = settings.budgetBytes() / 2 - writersBytes;
        var permits = Math.max(threads, forReaders / Math.max(1, settings.readerBytes()));
        this.readers = new ReaderPermits((int) Math.min(Integer.MAX_VALUE, permits));
        this.mostKeptBytes = settings.budgetBytes() - writersBytes - permits * settings.readerBytes();
    }

    ReaderPermits readers() {
        return readers;
    }

    /**
     * Changes how much a spool keeps.
     *
     * @return whether it fits; if not, nothing changed
     */
    boolean tryKeep(long beforeBytes, long nowBytes) {
        var more = nowBytes - beforeBytes;
        if (keptBytes.addAndGet(more) <= mostKeptBytes || more <= 0) {
            return true;
        }
        keptBytes.addAndGet(-more);
        return false;
    }

    /** Returns the bytes in use. */
    long usedBytes() {
        return writersBytes + readers.held() * settings.readerBytes() + keptBytes.get();
    }

    long budgetBytes() {
        return settings.budgetBytes();
    }
}
