package io.seawall.node.tail;

import io.seawall.wal.LogRecord;
import java.nio.ByteBuffer;
import java.util.List;

/** Consecutive records for one reader, at least one: a batch, which other readers may have too, or a part of it. Thread-safe. */
public final class RecordSlice {
    private final Batch batch;
    private final int from;
    private final int to;

    /**
     * Creates a slice.
     *
     * @param from the index of the first record in the batch
     * @param to the index behind the last one
     */
    RecordSlice(Batch batch, int from, int to) {
        this.batch = batch;
        this.from = from;
        this.to = to;
    }

    /** Returns how many records there are. */
    public int count() {
        return to - from;
    }

    /** Returns the records. */
    public List<LogRecord> records() {
        return batch.records().subList(from, to);
    }

    /** Returns the last record. */
    LogRecord last() {
        return batch.records().get(to - 1);
    }

    /**
     * Returns the records in a form, without a copy; they are encoded once for all readers of the batch.
     *
     * @return the bytes, which must not be changed
     */
    public ByteBuffer encoded(RecordEncoder encoder) {
        return batch.encoded(encoder).slice(from, to);
    }
}
