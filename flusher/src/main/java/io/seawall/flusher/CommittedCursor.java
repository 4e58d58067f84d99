package io.seawall.flusher;

import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log's committed view at any LSN. Keeps a reader open only while it is needed and permitted. Used by one thread at a
 * time.
 */
final class CommittedCursor implements AutoCloseable {
    private static final int MOST_RECORDS = 500;

    /** How much to read while others wait: many times the cost of opening a reader. */
    private static final long TURN_BYTES = 16L * 1024 * 1024;

    /** Short because the thread is shared; a poll comes only when something is committed. */
    private static final Duration WAIT = Duration.ofMillis(100);

    private final WalReaders readers;
    private final PChannel pchannel;
    private final ReaderPermits permits;
    private final Runnable wake;
    private @Nullable WalReader reader;
    private long turnBytes;
    /** Records that were read and given back; the reader's next records follow them without a gap. */
    private List<LogRecord> leftOver = List.of();

    /**
     * Creates a cursor.
     *
     * @param wake run when {@link #isPermitted} may have changed
     */
    CommittedCursor(WalReaders readers, PChannel pchannel, ReaderPermits permits, Runnable wake) {
        this.readers = readers;
        this.pchannel = pchannel;
        this.permits = permits;
        this.wake = wake;
    }

    /** Returns whether a reader may be open; if not, the cursor joins the queue. Called before {@link #read}. */
    boolean isPermitted() {
        return permits.acquire(this, wake);
    }

    /** Returns the next records from an LSN on; empty if none came in a short time. */
    List<LogRecord> read(long lsn) {
        if (!leftOver.isEmpty() && leftOver.get(0).lsn() == lsn) {
            var records = leftOver;
            leftOver = List.of();
            return records;
        }
        if (reader == null || reader.nextLsn() != lsn) {
            closeReader();
            reader = readers.open(pchannel, StartPosition.atLsn(lsn), View.COMMITTED);
        }
        var records = reader.poll(MOST_RECORDS, WAIT);
        for (var record : records) {
            turnBytes += record.data().sizeBytes();
        }
        return records;
    }

    /** Gives back the last part of what the last {@link #read} returned. */
    void giveBack(List<LogRecord> records) {
        leftOver = List.copyOf(records);
    }

    /** Releases the reader if others wait and this cursor has had its turn. */
    void endTurn() {
        if (turnBytes >= TURN_BYTES) {
            yieldIfWanted();
        }
    }

    /** Releases the reader if others wait; returns whether it did. */
    boolean yieldIfWanted() {
        if (!permits.areWanted()) {
            return false;
        }
        var gaveUp = isOpen();
        close();
        return gaveUp;
    }

    boolean isOpen() {
        return reader != null;
    }

    @Override
    public void close() {
        closeReader();
        turnBytes = 0;
        permits.release(this);
    }

    private void closeReader() {
        leftOver = List.of();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
