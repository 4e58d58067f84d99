package io.seawall.flusher.history;

import io.seawall.flusher.FakeLog;
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
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Kafka's part of one log. Knobs: trims at any moment, a tail that lags, another incarnation, failures. */
final class TrimmedLog implements WalReaders {
    static final long FIRST_MS = 1_700_000_000_000L;
    static final long STEP_MS = 10;

    private final List<LogRecord> records = new ArrayList<>();
    private final int valueBytes;
    private long oldest;
    private long hidden; // how many records at the end are hidden, as by a deposed leader
    private String logId = FakeLog.ID;
    private Runnable beforePoll = () -> {};
    private Runnable afterOpen = () -> {};
    private @Nullable WalException failure;
    private int asked;
    private int openNow;
    private int mostPerPoll = 7;

    TrimmedLog(int valueBytes) {
        this.valueBytes = valueBytes;
    }

    synchronized void append(int count) {
        for (var i = 0; i < count; i++) {
            var lsn = records.size();
            var value = ("value " + lsn + " " + "x".repeat(valueBytes)).getBytes(StandardCharsets.UTF_8);
            records.add(new LogRecord(lsn, 3, FIRST_MS + STEP_MS * lsn, 5 + 2L * lsn, WalRecord.of(value)));
        }
    }

    /** Appends records whose values do not compress. */
    synchronized void appendNoise(int count, int bytes) {
        for (var i = 0; i < count; i++) {
            var lsn = records.size();
            var value = new byte[bytes];
            new Random(lsn).nextBytes(value);
            records.add(new LogRecord(lsn, 3, FIRST_MS + STEP_MS * lsn, 5 + 2L * lsn, WalRecord.of(value)));
        }
    }

    synchronized void trim(long to) {
        oldest = Math.max(oldest, to);
    }

    synchronized void hide(long count) {
        hidden = count;
    }

    synchronized void recreate(String id) {
        logId = id;
        records.clear();
        oldest = 0;
    }

    synchronized void beforeNextPoll(Runnable hook) {
        beforePoll = hook;
    }

    /** Runs at the end of each opening. */
    synchronized void afterOpen(Runnable hook) {
        afterOpen = hook;
    }

    synchronized void failWith(@Nullable WalException error) {
        failure = error;
    }

    synchronized void mostPerPoll(int most) {
        mostPerPoll = most;
    }

    /** Returns how often a reader was requested. */
    synchronized int asked() {
        return asked;
    }

    synchronized int openNow() {
        return openNow;
    }

    synchronized List<LogRecord> records(long from, long to) {
        return List.copyOf(records.subList((int) from, (int) to));
    }

    synchronized List<LogRecord> records() {
        return List.copyOf(records);
    }

    private long tail() {
        return records.size() - hidden;
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        Reader reader;
        Runnable hook;
        synchronized (this) {
            asked++;
            if (failure != null) {
                throw failure;
            }
            reader = new Reader(pchannel, start(pchannel, from));
            openNow++;
            hook = afterOpen;
        }
        hook.run();
        return reader;
    }

    private long start(PChannel pchannel, StartPosition from) {
        if (from instanceof StartPosition.AtLsn at) {
            if (at.lsn() < oldest || at.lsn() > tail()) {
                throw outside(pchannel, at.lsn() < oldest ? ErrorCode.TRIMMED : ErrorCode.BEYOND_TAIL, at.lsn());
            }
            return at.lsn();
        }
        if (from instanceof StartPosition.AtTime at) {
            return records.subList((int) oldest, (int) tail()).stream()
                    .filter(record -> record.timestampMs() >= at.epochMs())
                    .findFirst()
                    .map(LogRecord::lsn)
                    .orElse(tail());
        }
        return from instanceof StartPosition.Oldest ? oldest : tail();
    }

    private WalException outside(PChannel pchannel, ErrorCode code, long lsn) {
        return Problem.of(code, "read " + pchannel + " from LSN " + lsn)
                .pchannel(pchannel)
                .with("oldest", oldest)
                .with("tail", tail())
                .found("LSN " + lsn)
                .expected("an LSN from " + oldest + " to " + tail())
                .exception();
    }

    @Override
    public synchronized LogBounds bounds(PChannel pchannel, View view) {
        if (failure != null) {
            throw failure;
        }
        return new LogBounds(oldest, tail());
    }

    @Override
    public synchronized String logId(PChannel pchannel) {
        return logId;
    }

    @Override
    public void close() {}

    private static List<LogRecord> cut(List<LogRecord> records, PollLimits limits) {
        var given = new ArrayList<LogRecord>();
        var bytes = 0L;
        for (var record : records) {
            if (!limits.admit(given.size(), bytes, record.data().sizeBytes())) {
                break;
            }
            given.add(record);
            bytes += record.data().sizeBytes();
        }
        return given;
    }

    private final class Reader implements WalReader {
        private final PChannel pchannel;
        private final String of;
        private long next;
        private boolean closed;

        Reader(PChannel pchannel, long next) {
            this.pchannel = pchannel;
            this.of = logId;
            this.next = next;
        }

        @Override
        public PChannel pchannel() {
            return pchannel;
        }

        @Override
        public long nextLsn() {
            return next;
        }

        @Override
        public List<LogRecord> poll(PollLimits limits, Duration wait) {
            Runnable hook;
            synchronized (TrimmedLog.this) {
                hook = beforePoll;
                beforePoll = () -> {};
            }
            hook.run();
            synchronized (TrimmedLog.this) {
                if (closed) {
                    throw Problem.of(ErrorCode.SHUTTING_DOWN, "read").exception();
                }
                if (failure != null) {
                    throw failure;
                }
                if (!of.equals(logId)) {
                    throw Problem.of(ErrorCode.NOT_FOUND, "read").exception();
                }
                if (next < oldest) {
                    throw outside(pchannel, ErrorCode.TRIMMED, next);
                }
                var end = Math.min(tail(), next + Math.min(mostPerPoll, limits.maxRecords()));
                var given = cut(records.subList((int) next, (int) Math.max(next, end)), limits);
                next += given.size();
                return given;
            }
        }

        @Override
        public void close() {
            synchronized (TrimmedLog.this) {
                openNow -= closed ? 0 : 1;
                closed = true;
            }
        }
    }
}
