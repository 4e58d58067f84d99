package io.seawall.node.tail;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import io.seawall.wal.WalRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One log in memory, whose readers never wait, with knobs for faults. Used by one thread. */
final class TestLog implements WalReaders {
    static final PChannel ORDERS = new PChannel("orders", 0);
    static final int VALUE_BYTES = 100;

    final List<LogRecord> records = new ArrayList<>();
    long oldest;

    /** How many records readers see; all by default. */
    long visible = Long.MAX_VALUE;

    /** The most records that a poll returns. */
    int mostRecords = Integer.MAX_VALUE;

    String logId = "first";

    /** Fails each poll at or above {@link #errorAt}. */
    @Nullable
    WalException error;

    long errorAt;

    /** How many readers were opened so far, and are open now. */
    int opened;

    int open;

    /** How often the bounds were asked for. */
    int asked;

    void append(int count) {
        for (var at = 0; at < count; at++) {
            var lsn = records.size();
            var value = ("value " + lsn + " ".repeat(VALUE_BYTES)).substring(0, VALUE_BYTES);
            records.add(new LogRecord(lsn, 7, 1_000, 2L * lsn, WalRecord.of(value.getBytes(StandardCharsets.UTF_8))));
        }
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        var tail = (long) records.size();
        var first = from instanceof StartPosition.AtLsn at ? at.lsn() : oldest;
        if (from instanceof StartPosition.Tail) {
            first = tail;
        }
        if (first < oldest || first > tail) {
            throw Problem.of(first < oldest ? ErrorCode.TRIMMED : ErrorCode.BEYOND_TAIL, "read " + pchannel)
                    .exception();
        }
        opened++;
        open++;
        return new Reader(first);
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        asked++;
        return new LogBounds(oldest, records.size());
    }

    @Override
    public String logId(PChannel pchannel) {
        return logId;
    }

    @Override
    public void close() {}

    private final class Reader implements WalReader {
        private long next;
        private boolean closed;

        Reader(long next) {
            this.next = next;
        }

        @Override
        public PChannel pchannel() {
            return ORDERS;
        }

        @Override
        public long nextLsn() {
            return next;
        }

        @Override
        public List<LogRecord> poll(PollLimits limits, Duration wait) {
            if (closed) {
                throw Problem.of(ErrorCode.SHUTTING_DOWN, "read").exception();
            }
            var failure = error;
            var end = Math.min(records.size(), visible);
            if (failure != null) {
                if (next >= errorAt) {
                    throw failure;
                }
                end = Math.min(end, errorAt);
            }
            var found = new ArrayList<LogRecord>();
            var bytes = 0L;
            while (next < end && found.size() < mostRecords) {
                var record = records.get((int) next);
                if (!limits.admit(found.size(), bytes, record.data().sizeBytes())) {
                    break;
                }
                found.add(record);
                bytes += record.data().sizeBytes();
                next++;
            }
            return found;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open--;
            }
        }
    }
}
