package io.seawall.flusher;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushProgress;
import io.seawall.wal.FlushableWal;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One log in memory with its readers; an append is acknowledged at once and committed by {@link #commitAll}. */
public final class FakeLog implements WalReaders {
    public static final String ID = "the-log";

    private static final long FIRST_TIMESTAMP_MS = 1_700_000_000_000L;

    private final PChannel pchannel;
    private final List<LogRecord> records = new ArrayList<>();
    private final Deque<WalException> readFailures = new ArrayDeque<>();
    private final List<Long> trims = new ArrayList<>();
    private final FakeProgress progress = new FakeProgress();
    private String logId = ID;
    private long timestampMs = FIRST_TIMESTAMP_MS;
    private long committed;
    private long oldest;
    private @Nullable WalException trimFailure;
    private @Nullable CompletableFuture<Void> trimGate;
    private long missing = -1;
    private int openReaders;
    private int readersOpened;
    private int staleBounds;
    private @Nullable CountDownLatch readGate;

    FakeLog(PChannel pchannel) {
        this.pchannel = pchannel;
    }

    synchronized void append(long term, WalRecord... data) {
        for (var one : data) {
            var lsn = records.size();
            records.add(new LogRecord(lsn, term, timestampMs + lsn, 10 + 2L * lsn, one));
        }
    }

    /** Appends and commits these records. */
    synchronized void fill(List<WalRecord> data) {
        append(7, data.toArray(WalRecord[]::new));
        commitAll();
    }

    /** Appends and commits records of ten bytes. */
    public synchronized void fill(int count) {
        for (var i = 0; i < count; i++) {
            append(7, WalRecord.of("%010d".formatted(records.size()).getBytes(StandardCharsets.UTF_8)));
        }
        commitAll();
    }

    synchronized void commitAll() {
        committed = records.size();
    }

    synchronized void trimTo(long lsn) {
        oldest = lsn;
    }

    /** Sets the time of later records; each LSN adds a millisecond. */
    synchronized void timestampsFrom(long timeMs) {
        timestampMs = timeMs;
    }

    /** Deletes and creates the topic: an empty log under the same name. */
    synchronized void createAgain(String id) {
        records.clear();
        committed = 0;
        oldest = 0;
        logId = id;
    }

    /** Returns the LSNs of the requested trims. */
    synchronized List<Long> trims() {
        return List.copyOf(trims);
    }

    synchronized void failTrims(@Nullable WalException failure) {
        trimFailure = failure;
    }

    /** Delays the answers to trims until the gate opens. */
    synchronized void holdTrims(CompletableFuture<Void> gate) {
        trimGate = gate;
    }

    FakeProgress progress() {
        return progress;
    }

    /** Makes a record disappear from the readers. */
    synchronized void lose(long lsn) {
        missing = lsn;
    }

    synchronized void failNextRead(WalException failure) {
        readFailures.add(failure);
    }

    /** Makes the next requests for bounds return an empty log. */
    synchronized void staleBounds(int times) {
        staleBounds = times;
    }

    synchronized void holdReads(CountDownLatch gate) {
        readGate = gate;
    }

    public synchronized List<LogRecord> committedRecords() {
        return List.copyOf(records.subList(0, (int) committed));
    }

    synchronized int openReaders() {
        return openReaders;
    }

    synchronized int readersOpened() {
        return readersOpened;
    }

    public FlushableWal wal(long term) {
        return new FakeWal(term);
    }

    @Override
    public synchronized WalReader open(PChannel of, StartPosition from, View view) {
        var lsn = ((StartPosition.AtLsn) from).lsn();
        if (lsn < oldest) {
            throw Problem.of(ErrorCode.TRIMMED, "read").pchannel(of).exception();
        }
        openReaders++;
        readersOpened++;
        return new FakeReader(lsn);
    }

    @Override
    public String logId(PChannel of) {
        return ID;
    }

    @Override
    public synchronized LogBounds bounds(PChannel of, View view) {
        if (staleBounds > 0) {
            staleBounds--;
            return new LogBounds(0, 0);
        }
        return new LogBounds(oldest, committed);
    }

    @Override
    public void close() {}

    private synchronized List<LogRecord> read(long lsn, int maxRecords) {
        var failure = readFailures.poll();
        if (failure != null) {
            throw failure;
        }
        if (lsn <= missing && missing < committed) {
            throw Problem.of(ErrorCode.DATA_LOSS, "read").pchannel(pchannel).exception();
        }
        return List.copyOf(records.subList((int) lsn, (int) Math.max(lsn, Math.min(committed, lsn + maxRecords))));
    }

    private synchronized @Nullable CountDownLatch gate() {
        return readGate;
    }

    private final class FakeReader implements WalReader {
        private long nextLsn;
        private boolean closed;

        FakeReader(long nextLsn) {
            this.nextLsn = nextLsn;
        }

        @Override
        public PChannel pchannel() {
            return pchannel;
        }

        @Override
        public long nextLsn() {
            return nextLsn;
        }

        @Override
        public List<LogRecord> poll(PollLimits limits, Duration wait) {
            var gate = gate();
            if (gate != null) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            var polled = read(nextLsn, limits.maxRecords());
            nextLsn += polled.size();
            return polled;
        }

        @Override
        public void close() {
            synchronized (FakeLog.this) {
                openReaders -= closed ? 0 : 1;
                closed = true;
            }
        }
    }

    private final class FakeWal implements FlushableWal {
        private final long term;

        FakeWal(long term) {
            this.term = term;
        }

        @Override
        public PChannel pchannel() {
            return pchannel;
        }

        @Override
        public long term() {
            return term;
        }

        @Override
        public long epoch() {
            return 0;
        }

        @Override
        public String logId() {
            synchronized (FakeLog.this) {
                return logId;
            }
        }

        @Override
        public FlushProgress progress() {
            return progress;
        }

        @Override
        public CompletableFuture<Appended> append(AppendRequest request) {
            throw new UnsupportedOperationException("the test appends to the log");
        }

        @Override
        public long tail() {
            synchronized (FakeLog.this) {
                return records.size();
            }
        }

        @Override
        public long oldest() {
            synchronized (FakeLog.this) {
                return oldest;
            }
        }

        @Override
        public CompletableFuture<Long> checkTail() {
            return CompletableFuture.completedFuture(tail());
        }

        @Override
        public CompletableFuture<Long> trim(long before) {
            synchronized (FakeLog.this) {
                trims.add(before);
                if (trimFailure != null) {
                    return CompletableFuture.failedFuture(trimFailure);
                }
                var gate = trimGate == null ? CompletableFuture.<Void>completedFuture(null) : trimGate;
                return gate.thenApply(open -> {
                    trimTo(Math.max(oldest(), before));
                    return oldest();
                });
            }
        }

        @Override
        public long committed() {
            synchronized (FakeLog.this) {
                return committed;
            }
        }

        @Override
        public CompletableFuture<Long> commit() {
            commitAll();
            return CompletableFuture.completedFuture(committed());
        }

        @Override
        public CompletableFuture<WalException> ended() {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }
}
