package io.seawall.flusher.store;

import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.RecordDecoder;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentSummary;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;
import org.jspecify.annotations.Nullable;

/**
 * The records of a range, in order. Keeps one block of one segment in memory. Used by one thread; {@link #hasNext} and
 * {@link #next} block, and throw a {@link WalException} with DATA_LOSS that names a damaged segment, or with UNAVAILABLE.
 */
public final class SegmentRecords implements Iterator<LogRecord>, AutoCloseable {
    private final SegmentStore store;
    private final SegmentFiles files;
    private final ReadPlan plan;
    private final Iterator<SegmentInfo> segments;
    private @Nullable OpenSegment open;
    private @Nullable LogRecord next;
    private boolean peeked;

    SegmentRecords(SegmentStore store, SegmentFiles files, ReadPlan plan) {
        this.store = store;
        this.files = files;
        this.plan = plan;
        this.segments = plan.segments().iterator();
    }

    public PChannel pchannel() {
        return plan.pchannel();
    }

    /** Returns the LSN of the first record, inclusive. */
    public long firstLsn() {
        return plan.firstLsn();
    }

    /** Returns the LSN after the last record; that of the first one if there are none. */
    public long nextLsn() {
        return plan.nextLsn();
    }

    /** Returns the incarnation of the log that the records come from; empty if there are none. */
    Optional<String> logId() {
        return plan.segments().stream().map(SegmentInfo::logId).reduce((first, last) -> last);
    }

    @Override
    public boolean hasNext() {
        if (!peeked) {
            next = peek();
            peeked = true;
        }
        return next != null;
    }

    @Override
    public LogRecord next() {
        var found = hasNext() ? next : null;
        if (found == null) {
            throw new NoSuchElementException("the range ends at LSN " + plan.nextLsn());
        }
        peeked = false;
        return found;
    }

    private @Nullable LogRecord peek() {
        while (true) {
            var record = open == null ? null : open.next();
            if (record == null && !openNext()) {
                return null;
            }
            if (record != null && record.lsn() >= plan.firstLsn()) {
                return record.lsn() < plan.nextLsn() ? record : null;
            }
        }
    }

    private boolean openNext() {
        close();
        if (!segments.hasNext()) {
            return false;
        }
        open = new OpenSegment(segments.next());
        return true;
    }

    /** Closes the open segment; nothing is read afterwards. */
    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    /** One segment whose checksum was verified. */
    private final class OpenSegment {
        private final SegmentInfo info;
        private final StoreInput in;
        private final DataFileStream<LogRecord> records;
        private final SegmentSummary seen;

        OpenSegment(SegmentInfo info) {
            this.info = info;
            this.seen = new SegmentSummary(info.key());
            try {
                files.checkBlocks(info);
                this.in = new StoreInput(store.open(info.key()));
                this.records = start(in);
            } catch (IOException e) {
                throw files.problem(info.key(), e);
            }
        }

        private static DataFileStream<LogRecord> start(StoreInput in) throws IOException {
            try {
                return new DataFileStream<>(in, new RecordDecoder());
            } catch (IOException | AvroRuntimeException e) {
                in.close();
                throw unreadable(in, e);
            }
        }

        @Nullable
        LogRecord next() {
            try {
                return read();
            } catch (IOException e) {
                throw files.problem(info.key(), e);
            }
        }

        private @Nullable LogRecord read() throws IOException {
            try {
                if (records.hasNext()) {
                    var record = records.next();
                    seen.add(record);
                    return record;
                }
            } catch (AvroRuntimeException | WalException e) {
                throw unreadable(in, e);
            }
            if (seen.nextLsn() != info.nextLsn()) {
                throw new MalformedSegmentException(
                        "the records end at LSN " + (seen.nextLsn() - 1) + ", the header has " + info.lastLsn());
            }
            return null;
        }

        private static IOException unreadable(StoreInput in, Exception error) throws IOException {
            in.rethrowFailure();
            return new MalformedSegmentException("its records cannot be read: " + error.getMessage());
        }

        void close() {
            try {
                records.close();
            } catch (IOException e) {
                throw files.problem(info.key(), e);
            }
        }
    }
}
