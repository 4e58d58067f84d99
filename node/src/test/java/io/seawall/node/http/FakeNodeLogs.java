package io.seawall.node.http;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Logs in memory, with knobs for faults. */
public final class FakeNodeLogs implements WalReaders {
    final Map<PChannel, FakeLog> logs = new ConcurrentSkipListMap<>();

    /** The most bytes of records that one poll returned. */
    public final AtomicLong mostPolledBytes = new AtomicLong();

    public final AtomicInteger opened = new AtomicInteger();
    public final AtomicInteger open = new AtomicInteger();

    public FakeLog create(PChannel pchannel) {
        return logs.computeIfAbsent(pchannel, FakeLog::new);
    }

    public FakeLog log(PChannel pchannel) {
        var log = logs.get(pchannel);
        if (log == null) {
            throw Problem.of(ErrorCode.NOT_FOUND, "find " + pchannel)
                    .pchannel(pchannel)
                    .expected("one of " + logs.keySet())
                    .exception();
        }
        return log;
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        var log = log(pchannel);
        var bounds = log.bounds();
        var first = bounds.oldest();
        if (from instanceof StartPosition.Tail) {
            first = bounds.tail();
        } else if (from instanceof StartPosition.AtLsn at) {
            first = at.lsn();
        } else if (from instanceof StartPosition.AtTime at) {
            first = log.firstAt(at.epochMs());
        }
        if (first < bounds.oldest() || first > bounds.tail()) {
            throw Problem.of(first > bounds.tail() ? ErrorCode.BEYOND_TAIL : ErrorCode.TRIMMED, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("LSN " + first)
                    .expected("an LSN from " + bounds.oldest() + " to " + bounds.tail())
                    .with("oldest", bounds.oldest())
                    .with("tail", bounds.tail())
                    .exception();
        }
        opened.incrementAndGet();
        open.incrementAndGet();
        return new Reader(log, first);
    }

    @Override
    public String logId(PChannel of) {
        return "the-log";
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        return log(pchannel).bounds();
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
        private final FakeLog log;
        private long next;
        private boolean closed;

        Reader(FakeLog log, long next) {
            this.log = log;
            this.next = next;
        }

        @Override
        public PChannel pchannel() {
            return log.pchannel;
        }

        @Override
        public long nextLsn() {
            return next;
        }

        @Override
        public List<LogRecord> poll(PollLimits limits, Duration wait) {
            var found = cut(log.await(next, limits.maxRecords(), wait), limits);
            next += found.size();
            var bytes = found.stream()
                    .mapToLong(record -> record.data().sizeBytes())
                    .sum();
            mostPolledBytes.accumulateAndGet(bytes, Math::max);
            return found;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                open.decrementAndGet();
            }
        }
    }

    /** One log. Guarded by itself. */
    public static final class FakeLog implements FlushableWal {
        final PChannel pchannel;
        private final List<LogRecord> records = new ArrayList<>();
        private long oldest;

        /** Fails each append. */
        public volatile @Nullable WalException appendError;

        /** Thrown by each append, as a bug of a log would be. */
        public volatile @Nullable RuntimeException appendThrows;

        /** Fails each poll at or above this LSN. */
        public volatile @Nullable WalException readError;

        public volatile long readErrorAt;

        /** Keeps appends unanswered until it completes. */
        public volatile CompletableFuture<Void> acknowledge = CompletableFuture.completedFuture(null);

        /** Makes each append a repetition with this result. */
        public volatile @Nullable Appended repeats;

        /** Makes trims keep the batch that begins with this LSN. */
        public volatile long keepsFrom = Long.MAX_VALUE;

        /** The last append. */
        public volatile @Nullable AppendRequest lastRequest;

        FakeLog(PChannel pchannel) {
            this.pchannel = pchannel;
        }

        synchronized LogBounds bounds() {
            return new LogBounds(oldest, records.size());
        }

        synchronized long firstAt(long timeMs) {
            return records.stream()
                    .filter(record -> record.timestampMs() >= timeMs)
                    .mapToLong(LogRecord::lsn)
                    .findFirst()
                    .orElse(records.size());
        }

        public synchronized LogRecord record(int lsn) {
            return records.get(lsn);
        }

        @SuppressWarnings("WaitNotInLoop") // a poll may come back early and empty
        private synchronized List<LogRecord> await(long from, int max, Duration wait) {
            var error = readError;
            if (error != null && from >= readErrorAt) {
                throw error;
            }
            if (from == records.size()) {
                try {
                    wait(Math.max(1, wait.toMillis()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            var end = Math.min(records.size(), from + max);
            if (error != null) {
                end = Math.min(end, readErrorAt);
            }
            return List.copyOf(records.subList((int) from, (int) end));
        }

        @Override
        public PChannel pchannel() {
            return pchannel;
        }

        @Override
        public long term() {
            return 7;
        }

        @Override
        public long epoch() {
            return 0;
        }

        @Override
        public String logId() {
            return "the-log";
        }

        @Override
        public FlushProgress progress() {
            return FlushProgress.forgetful();
        }

        @Override
        public synchronized CompletableFuture<Appended> append(AppendRequest request) {
            var thrown = appendThrows;
            if (thrown != null) {
                throw thrown;
            }
            var error = appendError;
            if (error != null) {
                return CompletableFuture.failedFuture(error);
            }
            var first = records.size();
            lastRequest = request;
            var repetition = repeats;
            if (repetition != null) {
                return CompletableFuture.completedFuture(repetition);
            }
            request.batch().forEach(record -> records.add(new LogRecord(records.size(), 7, 1_000, 0, record)));
            notifyAll();
            var appended = new Appended(7, first, records.size() - 1);
            return acknowledge.thenApply(done -> appended);
        }

        @Override
        public synchronized long tail() {
            return records.size();
        }

        @Override
        public synchronized long oldest() {
            return oldest;
        }

        @Override
        public synchronized CompletableFuture<Long> trim(long before) {
            if (before > records.size()) {
                return CompletableFuture.failedFuture(Problem.of(ErrorCode.BEYOND_TAIL, "trim " + pchannel)
                        .pchannel(pchannel)
                        .with("oldest", oldest)
                        .with("tail", records.size())
                        .exception());
            }
            oldest = Math.max(oldest, Math.min(before, keepsFrom));
            return CompletableFuture.completedFuture(oldest);
        }

        @Override
        public CompletableFuture<Long> checkTail() {
            return acknowledge.thenApply(done -> tail());
        }

        @Override
        public long committed() {
            return tail();
        }

        @Override
        public CompletableFuture<Long> commit() {
            return CompletableFuture.completedFuture(tail());
        }

        @Override
        public CompletableFuture<WalException> ended() {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }
}
