package io.seawall.flusher;

import io.seawall.flusher.FlushStatus.State;
import io.seawall.flusher.FlushStatus.Wait;
import io.seawall.flusher.store.SegmentFiles;
import io.seawall.flusher.store.StoreException;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import io.seawall.wal.RetryableException;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the steps of one pchannel on a shared executor, one at a time, and after a pause when one failed. Thread-safe. */
final class FlushWorker {
    private static final Logger LOG = LoggerFactory.getLogger(FlushWorker.class);

    /**
     * A snapshot of the steps for other threads.
     *
     * @param status the public status
     * @param retryAtMs the time before which no step is due, in milliseconds of {@link FlushTools#elapsedMs}
     * @param wakeAtMs when a step is due even if nothing happens, by the same clock
     * @param holdsReader whether a reader is open that others may wait for
     * @param oldestUnflushedMs the timestamp of the oldest record that was read and is not in a segment
     */
    private record Progress(
            FlushStatus status, long retryAtMs, long wakeAtMs, boolean holdsReader, OptionalLong oldestUnflushedMs) {}

    private final FlushableWal wal;
    private final PChannel pchannel;
    private final FlushTools tools;
    private final FlushRequests requests;

    private final SerialTask stepping;

    /**
     * Held during a step, so that {@link #release} can wait for it; guards the next three fields. A thread that releases the
     * worker does not queue for the executor, whose threads a slow store may occupy. Futures of callers complete without it.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private final FlushSteps steps;
    private Failures failures = Failures.NONE;
    /** When the next attempt is due by the time of day, for the status. */
    private Instant retryAt = Instant.EPOCH;

    /** Set when the worker is closed, read before each step. */
    private volatile boolean closed;
    /** Set when the worker is paused, read before each step. */
    private volatile boolean paused;
    /** When the log got ahead of its segments, in milliseconds; 0 if it is not ahead. Set by ticks and by steps. */
    private final AtomicLong aheadSinceMs = new AtomicLong();
    /** Written by the thread that took a step, read by all threads. */
    private volatile Progress progress;

    FlushWorker(FlushableWal wal, FlushTools tools, Executor executor) {
        this.wal = wal;
        this.pchannel = wal.pchannel();
        this.tools = tools;
        this.stepping = new SerialTask(executor, this::stepAndAnswer);
        this.requests = new FlushRequests(pchannel);
        this.steps = new FlushSteps(wal, tools, new FlushSteps.Driver() {
            @Override
            public boolean anyBetween(long above, long upTo) {
                return requests.anyBetween(above, upTo);
            }

            @Override
            public void wake() {
                FlushWorker.this.wake();
            }
        });
        var unknown = OptionalLong.empty();
        var nothingYet =
                new FlushStatus(State.LOCATING, unknown, unknown, FlushStatus.Trouble.NONE, false, Wait.NOTHING);
        this.progress = new Progress(nothingYet, Long.MIN_VALUE, Long.MAX_VALUE, false, unknown);
    }

    Wal wal() {
        return wal;
    }

    FlushStatus status() {
        // A caller that paused must see it at once, although a step may be in progress.
        return progress.status().withPaused(paused);
    }

    /** Returns how many records of the log are in no segment; 0 until the store was asked. */
    long lagRecords() {
        var flushedLsn = progress.status().flushedLsn();
        return flushedLsn.isPresent() ? Math.max(0, wal.tail() - flushedLsn.getAsLong()) : 0;
    }

    /**
     * Returns the age of the oldest record that is in no segment: by its timestamp if it was read, else by when the log was
     * first seen ahead; zero if there is none.
     */
    Duration lag(Instant now) {
        var seen = progress;
        var sinceMs = seen.oldestUnflushedMs().orElse(aheadSinceMs.get());
        return lagRecords() == 0 || sinceMs == 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.max(0, now.toEpochMilli() - sinceMs));
    }

    private void noteAhead() {
        if (lagRecords() == 0) {
            aheadSinceMs.set(0);
        } else {
            aheadSinceMs.compareAndSet(0, tools.clock().millis());
        }
    }

    void pause() {
        paused = true;
        wake();
    }

    void resume() {
        paused = false;
        wake();
    }

    /** Requests a step if one is due; called at each tick. Cheap, does no I/O. */
    void wakeIfDue() {
        noteAhead();
        if (isDue()) {
            wake();
        }
    }

    private boolean isDue() {
        var seen = progress;
        var status = seen.status();
        var nowMs = tools.elapsedMs();
        if (closed || paused || nowMs < seen.retryAtMs()) {
            return false;
        }
        return switch (status.state()) {
            case LOCATING, PUBLISHING -> true;
            case WAITING, SPOOLING -> {
                var nextLsn = status.nextLsn().orElse(-1);
                yield wal.committed() > nextLsn
                        || nowMs >= seen.wakeAtMs()
                        || (seen.holdsReader() && tools.memory().readers().areWanted())
                        || steps.isSealAsked()
                        || requests.anyBetween(-1, nextLsn);
            }
            case STOPPED -> false;
        };
    }

    /** Requests a step, which runs soon on the executor. */
    void wake() {
        if (!closed) {
            stepping.request();
        }
    }

    CompletableFuture<Long> flush() {
        if (paused) {
            return CompletableFuture.failedFuture(Problem.of(ErrorCode.INVALID, "flush " + pchannel)
                    .pchannel(pchannel)
                    .found("that its flushing is paused")
                    .fix("resume it first")
                    .exception());
        }
        var request = requests.add();
        if (request.future().isDone()) {
            return request.future();
        }
        CompletableFuture<Long> commit;
        try {
            commit = wal.commit();
        } catch (RuntimeException e) {
            commit = CompletableFuture.failedFuture(e);
        }
        var unused = commit.whenComplete((committed, failure) -> {
            if (failure == null) {
                requests.target(request, committed);
                wake();
            } else {
                requests.fail(request, FutureErrors.unwrapped(failure));
            }
        });
        return request.future();
    }

    /** Takes a step, then completes the requests that it fulfilled; returns whether the next one is due at once. */
    private boolean stepAndAnswer() {
        var again = step();
        settle();
        return again;
    }

    private boolean step() {
        lock.lock();
        try {
            var isPaused = paused;
            if (closed || (!isPaused && tools.elapsedMs() < failures.retryAtMs())) {
                return false;
            }
            if (isPaused) {
                steps.rest();
            }
            var again = !isPaused && attempt();
            publishProgress();
            return again;
        } finally {
            // The closing thread may have stopped waiting for this step.
            if (closed) {
                steps.close();
            }
            lock.unlock();
        }
    }

    /** Takes a step and catches everything that it throws, because the thread is shared. */
    private boolean attempt() {
        var before = steps.state();
        if (before == State.STOPPED) {
            return false; // its error stays
        }
        try {
            var flushed = steps.flushedLsn();
            var again = steps.step();
            onSuccess(before);
            steps.trimStep();
            if (steps.flushedLsn() > flushed) {
                // The next record is not older than the last flushed one. The tick resets this if there is none.
                aheadSinceMs.set(steps.flushedTimestampMs());
            }
            return again;
        } catch (StoreException e) {
            retryLater(e.problem());
        } catch (IOException e) {
            retryLater(SegmentFiles.unavailable(pchannel, "flush " + pchannel, e));
        } catch (RetryableException | RequestException e) {
            retryLater(e);
        } catch (WalException e) {
            // Another program wrote into the log. Its owner takes the log back, or the log ends, and with it this
            // worker.
            if (e.code() == ErrorCode.FORGED) {
                retryLater(e);
            } else {
                stop(e);
            }
        } catch (RuntimeException | Error e) {
            stop(Problem.of(ErrorCode.INTERNAL, "flush " + pchannel)
                    .pchannel(pchannel)
                    .found(FutureErrors.text(e))
                    .cause(e)
                    .exception());
        }
        return false;
    }

    private void onSuccess(State before) {
        // Locating the start again is no success if the log then lacks that LSN: the pauses must grow.
        var stillTrimmed = before == State.LOCATING
                && failures.last()
                        .filter(last -> last.code() == ErrorCode.TRIMMED)
                        .isPresent();
        if (failures.isEmpty() || stillTrimmed) {
            return;
        }
        LOG.atInfo()
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("failures", failures.count())
                .log("flushing works again");
        failures = Failures.NONE;
        retryAt = Instant.EPOCH;
    }

    private void retryLater(WalException failure) {
        steps.onFailure(failure);
        failed(failure);
        retryAt = tools.clock().instant().plus(failures.pause());
        // Log only the first failure in a row; the status has the rest. A damaged object needs an operator.
        var first = failure.code() == ErrorCode.DATA_LOSS ? LOG.atError() : LOG.atWarn();
        (failures.count() == 1 ? first : LOG.atDebug())
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("failures", failures.count())
                .addKeyValue("error", failure.code())
                .setCause(failure)
                .log("flushing failed and will be retried");
    }

    private void stop(WalException reason) {
        steps.stop(reason);
        failed(reason);
        LOG.atError()
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("error", reason.code())
                .setCause(reason)
                .log("flushing stopped");
    }

    private void failed(WalException failure) {
        failures = failures.with(failure, tools.settings().retry(), tools.elapsedMs());
        tools.events().failed(pchannel, failure.code());
    }

    private void publishProgress() {
        var trouble = new FlushStatus.Trouble(
                failures.count(), failures.last(), retryAt, steps.trims().error());
        var status = new FlushStatus(
                steps.state(),
                known(steps.flushedLsn()),
                known(steps.nextLsn()),
                trouble,
                false,
                paused ? Wait.NOTHING : steps.waitsFor());
        progress = new Progress(
                status, failures.retryAtMs(), steps.wakeAtMs(), steps.holdsReader(), steps.oldestUnflushedMs());
    }

    private static OptionalLong known(long lsn) {
        return lsn < 0 ? OptionalLong.empty() : OptionalLong.of(lsn);
    }

    private void settle() {
        var status = progress.status();
        status.flushedLsn().ifPresent(requests::settle);
        if (status.state() == State.STOPPED) {
            status.error().ifPresent(requests::end);
        }
    }

    /** Prevents further steps and fails waiting requests; does not block. */
    void end(WalException reason) {
        closed = true;
        requests.end(reason);
    }

    /**
     * Waits for a step in progress, after {@link #end}, and releases everything.
     *
     * @return whether the step ended in time; if not, it releases everything itself when it ends
     */
    boolean release(Duration timeout) {
        // A call from inside the step, by what the step called: it must not close what the step still uses.
        if (lock.isHeldByCurrentThread() || !lockWithin(timeout)) {
            LOG.atWarn()
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("state", status().state())
                    .log("a step of the flusher did not end in time; no other step follows it");
            return false;
        }
        try {
            steps.close();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean lockWithin(Duration timeout) {
        try {
            return lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // If no step is in progress, no other thread would release what the steps hold.
            return lock.tryLock();
        }
    }
}
