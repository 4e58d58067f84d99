package io.seawall.client.internal.read;

import io.seawall.client.log.LogRecord;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/** Waits for each record; ends where the reader ends. For one thread at a time. */
final class RecordIterator implements Iterator<LogRecord> {
    private static final long SLICE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Reader reader;
    private Iterator<LogRecord> records = List.<LogRecord>of().iterator();

    RecordIterator(Reader reader) {
        this.reader = reader;
    }

    @Override
    public boolean hasNext() {
        while (!records.hasNext() && !reader.isEnded()) {
            records = reader.take(SLICE_NANOS).iterator();
        }
        return records.hasNext();
    }

    @Override
    public LogRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the reader has ended");
        }
        return records.next();
    }
}
