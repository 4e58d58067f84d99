package io.seawall.flusher;

import io.seawall.flusher.FlusherSettings.Retention;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.LogRecord;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The retention of one log without a flusher. Each check reads the last of the new records to estimate their average size and
 * their age. Used by one thread at a time.
 */
final class UnflushedTrims {
    private static final int SAMPLE = 100;
    private static final Duration WAIT = Duration.ofSeconds(2);

    /** The records of the first check are divided into this many pieces. */
    private static final int FIRST_PIECES = 16;

    private final FlushableWal wal;
    private final WalReaders readers;
    private final Retention keep;
    private final SegmentHistory pieces = new SegmentHistory();
    private long nextLsn = -1;
    private long target = -1;
    private @Nullable CompletableFuture<Long> trimming;

    UnflushedTrims(FlushableWal wal, WalReaders readers, Retention keep) {
        this.wal = wal;
        this.readers = readers;
        this.keep = keep;
    }

    boolean isOf(Wal other) {
        return wal == other;
    }

    /**
     * Samples new records and trims the log; blocks.
     *
     * @throws WalException if the log cannot be read, or the last trim failed
     */
    void trimExpired(long nowMs) {
        if (keep.isForever() || isTrimming()) {
            return;
        }
        sample(wal.committed());
        var oldest = wal.oldest();
        pieces.forgetBelow(oldest);
        var cut = pieces.cut(keep, nowMs).orElse(-1);
        if (cut > Math.max(oldest, target)) {
            target = cut;
            trimming = wal.trim(cut);
        }
    }

    private boolean isTrimming() {
        if (trimming == null) {
            return false;
        }
        if (!trimming.isDone()) {
            return true;
        }
        var done = trimming;
        trimming = null;
        try {
            done.join();
            return false;
        } catch (CompletionException e) {
            target = -1;
            throw FutureErrors.unwrapped(e) instanceof WalException known ? known : e;
        }
    }

    private void sample(long committed) {
        var begin = nextLsn < 0 ? wal.oldest() : nextLsn;
        var count = nextLsn < 0 ? FIRST_PIECES : 1;
        var length = Math.max(1, (committed - begin + count - 1) / count);
        for (var from = begin; from < committed; from += length) {
            addPiece(from, Math.min(committed, from + length));
        }
        nextLsn = Math.max(begin, committed);
    }

    private void addPiece(long from, long to) {
        List<LogRecord> last;
        var start = Math.max(from, to - SAMPLE);
        try (var reader = readers.open(wal.pchannel(), StartPosition.atLsn(start), View.COMMITTED)) {
            last = reader.poll(SAMPLE, WAIT);
        }
        if (last.isEmpty()) {
            forget();
            return;
        }
        var bytes = last.stream().mapToLong(record -> record.data().sizeBytes()).sum() * (to - from) / last.size();
        var timestampMs = last.get(last.size() - 1).timestampMs();
        pieces.add(new SegmentInfo(
                new SegmentKey(wal.pchannel(), from),
                wal.logId(),
                false,
                to - 1,
                bytes,
                SegmentInfo.Range.NONE,
                new SegmentInfo.Range(timestampMs, timestampMs),
                0,
                SegmentInfo.Blocks.NONE));
    }

    /** Starts anew at the next check. */
    void forget() {
        pieces.clear();
        nextLsn = -1;
    }
}
