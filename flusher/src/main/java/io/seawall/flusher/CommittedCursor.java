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

/** Reads a log's committed view at any LSN, with a reader that is open only while it is needed. Used by one thread at a time. */
final class CommittedCursor implements AutoCloseable {
    private static final int MOST_RECORDS = 500;

    /** Short, as the thread is shared; a poll comes only when something is committed. */
    private static final Duration WAIT = Duration.ofMillis(100);

    private final WalReaders readers;
    private final PChannel pchannel;
    private @Nullable WalReader reader;
    /** What was read and given back; follows without gap by what the reader gives next. */
    private List<LogRecord> leftOver = List.of();

    CommittedCursor(WalReaders readers, PChannel pchannel) {
        this.readers = readers;
        this.pchannel = pchannel;
    }

    /** The next records from that LSN on; empty if none came in a short time. */
    List<LogRecord> read(long lsn) {
        if (!leftOver.isEmpty() && leftOver.get(0).lsn() == lsn) {
            var records = leftOver;
            leftOver = List.of();
            return records;
        }
        if (reader == null || reader.nextLsn() != lsn) {
            close();
            reader = readers.open(pchannel, new StartPosition.AtLsn(lsn), View.COMMITTED);
        }
        return reader.poll(MOST_RECORDS, WAIT);
    }

    /** Gives back the end of what the last {@link #read} returned. */
    void giveBack(List<LogRecord> records) {
        leftOver = List.copyOf(records);
    }

    boolean isOpen() {
        return reader != null;
    }

    @Override
    public void close() {
        leftOver = List.of();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
