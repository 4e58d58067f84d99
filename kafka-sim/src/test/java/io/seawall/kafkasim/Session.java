package io.seawall.kafkasim;

import io.seawall.wal.WriterSeq;
import org.jspecify.annotations.Nullable;

/** A caller that numbers its batches, and sends a batch again, to whoever owns the log by then, until it is answered. */
final class Session {
    private final String id;
    private long seq = -1;
    private History.@Nullable Append current;

    Session(String id) {
        this.id = id;
    }

    /** The batch to send again, or null if the last one is done. */
    History.@Nullable Append unfinished() {
        var append = current;
        return append == null || append.isWritten() ? null : append;
    }

    void next(History.Append append) {
        seq++;
        current = append;
    }

    WriterSeq number() {
        return new WriterSeq(id, seq);
    }
}
