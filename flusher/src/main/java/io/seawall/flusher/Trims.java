package io.seawall.flusher;

import io.seawall.flusher.FlusherSettings.Retention;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.StoreException;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Problem;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trims a log up to its segments, as the retention requires: one trim at a time, never beyond what was read back from the
 * store, and not for every small segment. Failures are retried later and do not delay the flushing. Used by one thread at a
 * time.
 */
final class Trims {
    private static final Logger LOG = LoggerFactory.getLogger(Trims.class);

    /** The pause between trims of less than a segment. */
    private static final long PAUSE_MS = Duration.ofMinutes(1).toMillis();

    /** How many segments of earlier owners are examined for their size and age. */
    private static final int MOST_OLDER = 64;

    /** How often ages are compared with the time of day, which may jump. */
    private static final long LONGEST_SLEEP_MS = Duration.ofMinutes(1).toMillis();

    /** A due time before every time of {@link FlushTools#elapsedMs}. */
    private static final long AT_ONCE = Long.MIN_VALUE;

    /** A due time that never comes: an event wakes the trims instead. */
    private static final long NEVER = Long.MAX_VALUE;

    private final Wal wal;
    private final FlushTools tools;
    private final Retention keep;
    private final Locator locator;
    private final StoreGuard binding;
    private final Runnable wake;
    private final SegmentHistory history = new SegmentHistory();
    private final ReadBack readBack;
    /** Segments of earlier owners that are still to be examined, newest first. */
    private final Deque<SegmentKey> older = new ArrayDeque<>();

    private boolean olderListed;
    private @Nullable CompletableFuture<Long> trimming;
    private long target = -1;
    /** When a trim of less than a segment is allowed. */
    private long smallTrimAtMs = AT_ONCE;

    private long wakeAtMs = NEVER;
    private Failures failures = Failures.NONE;

    Trims(Wal wal, FlushTools tools, Locator locator, StoreGuard binding, Runnable wake) {
        this.wal = wal;
        this.tools = tools;
        this.keep = tools.settings().retention();
        this.locator = locator;
        this.binding = binding;
        this.wake = wake;
        this.readBack = new ReadBack(wal.pchannel(), tools.store(), locator, history);
    }

    /** The end of the segments is known. */
    void onLocated(Optional<SegmentInfo> last) {
        history.clear();
        older.clear();
        olderListed = last.isEmpty();
        last.ifPresent(this::onPublished);
    }

    /** A segment was put into the store. */
    void onPublished(SegmentInfo segment) {
        if (!keep.isForever()) {
            history.add(segment);
            wakeAtMs = failures.isEmpty() ? AT_ONCE : wakeAtMs;
        }
    }

    /**
     * Takes one step, if one is due. Called only when the end of the segments is known. Retries later if the store or the log
     * fails.
     */
    void step() {
        if (keep.isForever() || (tools.elapsedMs() < wakeAtMs && !isTrimmed())) {
            return;
        }
        try {
            wakeAtMs = attempt();
            if (trimming == null) {
                failures = Failures.NONE;
            }
        } catch (StoreException e) {
            retryLater(e.problem());
        } catch (WalException e) {
            retryLater(e);
        }
    }

    private boolean isTrimmed() {
        return trimming != null && trimming.isDone();
    }

    /** Makes one attempt; returns when the next one is due. */
    private long attempt() throws StoreException {
        if (trimming != null) {
            if (!trimming.isDone()) {
                return NEVER; // its completion wakes us
            }
            onTrimmed(trimming);
        }
        if (!olderListed) {
            listOlder();
        }
        if (!older.isEmpty()) {
            readOlder(older.remove());
            return AT_ONCE;
        }
        var oldest = wal.oldest();
        history.forgetBelow(oldest);
        var timeOfDayMs = tools.clock().millis();
        var cut = history.cut(keep, timeOfDayMs).orElse(-1);
        var nowMs = tools.elapsedMs();
        // A trim is rounded down to a batch: the remainder is no reason to trim again.
        if (cut <= Math.max(oldest, target)) {
            var youngMs = history.nextTooOldMs(keep) - timeOfDayMs;
            return nowMs + (youngMs > 0 ? Math.min(youngMs, LONGEST_SLEEP_MS) : LONGEST_SLEEP_MS);
        }
        var isWorthIt = history.bytesBetween(Math.max(oldest, target), cut)
                >= tools.settings().sealing().bytes();
        if (!isWorthIt && nowMs < smallTrimAtMs) {
            return smallTrimAtMs;
        }
        return binding.isBound() ? trim(oldest, cut) : nowMs + 1;
    }

    private void listOlder() throws StoreException {
        var newest = history.startAtOrBelow(Long.MAX_VALUE);
        if (newest.isPresent() && newest.getAsLong() > wal.oldest()) {
            for (var key : readBack.keysFrom(wal.oldest())) {
                if (key.firstLsn() < newest.getAsLong()) {
                    older.addFirst(key);
                }
            }
            while (older.size() > MOST_OLDER) {
                older.removeLast();
            }
        }
        olderListed = true;
    }

    private void readOlder(SegmentKey key) throws StoreException {
        try {
            if (!history.addOlder(locator.info(key))) {
                older.clear(); // a hole, which a trim will detect
            }
        } catch (StoreException e) {
            olderListed = e.problem().code() == ErrorCode.DATA_LOSS; // damaged: older segments stay unknown
            older.clear();
            throw e;
        }
    }

    private long trim(long oldest, long cut) throws StoreException {
        var checked = readBack.checked(Math.max(oldest, 0), cut);
        if (checked <= oldest) {
            throw new IllegalStateException(
                    "read back up to LSN " + checked + ", which the log does not hold any more");
        }
        target = checked;
        smallTrimAtMs = tools.elapsedMs() + PAUSE_MS;
        trimming = wal.trim(checked);
        var unused = trimming.whenComplete((done, failure) -> wake.run());
        return trimming.isDone() ? AT_ONCE : NEVER;
    }

    private void onTrimmed(CompletableFuture<Long> trim) {
        trimming = null;
        try {
            var oldest = trim.join();
            tools.events().trimmed(wal.pchannel(), true);
            LOG.atInfo()
                    .addKeyValue("pchannel", wal.pchannel())
                    .addKeyValue("oldest", oldest)
                    .log("trimmed the log up to its segments");
        } catch (CompletionException e) {
            target = -1;
            var failure = FutureErrors.unwrapped(e);
            throw failure instanceof WalException known ? known : asProblem(failure);
        }
    }

    private WalException asProblem(Throwable e) {
        return Problem.of(ErrorCode.INTERNAL, "trim " + wal.pchannel())
                .pchannel(wal.pchannel())
                .found(FutureErrors.text(e))
                .cause(e)
                .exception();
    }

    private void retryLater(WalException problem) {
        failures = failures.with(problem, tools.settings().retry(), tools.elapsedMs());
        wakeAtMs = failures.retryAtMs();
        tools.events().trimmed(wal.pchannel(), false);
        var isLoud = problem.code() == ErrorCode.DATA_LOSS || problem.code() == ErrorCode.INTERNAL;
        if (failures.count() == 1) {
            (isLoud ? LOG.atError() : LOG.atWarn())
                    .addKeyValue("pchannel", wal.pchannel())
                    .addKeyValue("error", problem.code())
                    .setCause(problem)
                    .log("the log is not trimmed; it will be retried");
        }
    }

    /** Returns why nothing is trimmed at present although the retention requires it. */
    Optional<WalException> error() {
        return failures.last();
    }

    /** Returns when a step is due, in milliseconds of {@link FlushTools#elapsedMs}. */
    long wakeAtMs() {
        return isTrimmed() ? AT_ONCE : wakeAtMs;
    }
}
