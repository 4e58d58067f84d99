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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of one pchannel on a shared executor: one at a time, with at most one queued, and after a pause when one
 * failed. Thread-safe.
 */
final class FlushWorker {
    private static final Logger LOG = LoggerFactory.getLogger(FlushWorker.class);

    /**
     * A snapshot of the steps for other threads.
     *
     * @param status the public status
     * @param wakeAtMs when a step is due even if nothing happens
     * @param holdsReader whether a reader is open that others may wait for
     * @param oldestUnflushedMs the timestamp of the oldest record that was read and is not in a segment
     * @param flushedTimestampMs the timestamp of the last record in a segment, 0 if it is not known
     */
    private record Progress(
            FlushStatus status,
            long wakeAtMs,
            boolean holdsReader,
            OptionalLong oldestUnflushedMs,
            long flushedTimestampMs) {}

    private final FlushableWal wal;
    private final PChannel pchannel;
    private final FlushTools tools;
    private final Executor executor;
    private final FlushRequests requests;

    /** Guards the steps and the failures. No foreign code that could wait for this lock runs under it. */
    private final ReentrantLock stepping = new ReentrantLock();

    private final FlushSteps steps;
    private int failures;
    private Optional<WalException> error = Optional.empty();
    private Instant retryAt = Instant.EPOCH;

    /** How often a step was requested since the last one started; unless it is 0, a step is queued or running. */
    private final AtomicInteger wakes = new AtomicInteger();

    /** Set when the worker is closed, read before each step. */
    private volatile boolean closed;
    /** Set when the worker is paused, read before each step. */
    private volatile boolean paused;
    /** Since when the log is ahead of its segments, in milliseconds; 0 if it is not. Set by ticks and by steps. */
    private final AtomicLong aheadSinceMs = new AtomicLong();
    /** Written by the thread that took a step, read by all threads. */
    private volatile Progress pulse;

    FlushWorker(FlushableWal wal, FlushTools tools, Executor executor) {
        this.wal = wal;
        this.pchannel = wal.pchannel();
        this.tools = tools;
        this.executor = executor;
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
        this.pulse = new Progress(nothingYet, Long.MAX_VALUE, false, unknown, 0);
    }

    Wal wal() {
        return wal;
    }

    FlushStatus status() {
        // A caller that paused must see it at once, although a step may be in progress.
        return pulse.status().withPaused(paused);
    }

    /** Returns how many records of the log are in no segment; 0 until the store was asked. */
    long lagRecords() {
        var flushedLsn = pulse.status().flushedLsn();
        return flushedLsn.isPresent() ? Math.max(0, wal.tail() - flushedLsn.getAsLong()) : 0;
    }

    /**
     * Returns the age of the oldest record that is in no segment: by its timestamp if it was read, else the time since the log
     * is known to be ahead; zero if there is none.
     */
    Duration lag(Instant now) {
        var seen = pulse;
        var sinceMs = seen.oldestUnflushedMs().orElse(aheadSinceMs.get());
        return lagRecords() == 0 || sinceMs == 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.max(0, now.toEpochMilli() - sinceMs));
    }

    private void noteAhead(Instant now) {
        if (lagRecords() == 0) {
            aheadSinceMs.set(0);
        } else {
            aheadSinceMs.compareAndSet(0, now.toEpochMilli());
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

    /** Returns whether a step is due now; cheap, does no I/O. */
    boolean isDue(Instant now) {
        var seen = pulse;
        var status = seen.status();
        noteAhead(now);
        if (closed || paused || now.isBefore(status.retryAt())) {
            return false;
        }
        return switch (status.state()) {
            case LOCATING, PUBLISHING -> true;
            case WAITING, SPOOLING -> {
                var nextLsn = status.nextLsn().orElse(-1);
                yield wal.committed() > nextLsn
                        || now.toEpochMilli() >= seen.wakeAtMs()
                        || (seen.holdsReader() && tools.memory().readers().areWanted())
                        || steps.isSealAsked()
                        || requests.anyBetween(-1, nextLsn);
            }
            case STOPPED -> false;
        };
    }

    /** Requests a step, which runs soon on the executor. */
    void wake() {
        if (!closed && wakes.getAndIncrement() == 0) {
            executor.execute(this::run);
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

    private void run() {
        var seen = wakes.get();
        var again = step();
        settle();
        if (again || !wakes.compareAndSet(seen, 0)) {
            // Queue behind the other pchannels.
            wakes.set(1);
            executor.execute(this::run);
        }
    }

    private boolean step() {
        stepping.lock();
        try {
            if (closed || (!paused && tools.clock().instant().isBefore(retryAt))) {
                return false;
            }
            if (paused) {
                steps.rest();
                publishPulse();
                return false;
            }
            var again = attempt();
            publishPulse();
            return again;
        } finally {
            // The closing thread may have stopped waiting for this step.
            if (closed) {
                steps.close();
            }
            stepping.unlock();
        }
    }

    /** Takes a step and catches everything that it throws, because the thread is shared. */
    private boolean attempt() {
        var before = steps.state();
        try {
            var flushed = steps.flushedLsn();
            var again = steps.step();
            onSuccess(before);
            steps.trimStep();
            if (steps.flushedLsn() > flushed) {
                // The next record is not older than the last flushed one. The tick resets this if there is no next
                // record.
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
            // Its owner takes the log back behind what another program wrote; if it cannot, the log ends, and this with
            // it.
            if (e.code() == ErrorCode.FORGED) {
                retryLater(e);
            } else {
                stop(e);
            }
        } catch (RuntimeException | Error e) {
            stop(Problem.of(ErrorCode.INTERNAL, "flush " + pchannel)
                    .pchannel(pchannel)
                    .found(e.toString())
                    .cause(e)
                    .exception());
        }
        return false;
    }

    private void onSuccess(State before) {
        // Locating the start again is no success if the log then lacks that LSN: the pauses must grow.
        var stillTrimmed = before == State.LOCATING
                && error.filter(last -> last.code() == ErrorCode.TRIMMED).isPresent();
        if (failures == 0 || stillTrimmed) {
            return;
        }
        LOG.atInfo()
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("failures", failures)
                .log("flushing works again");
        failures = 0;
        error = Optional.empty();
    }

    private void retryLater(WalException failure) {
        steps.onFailure(failure);
        failures++;
        error = Optional.of(failure);
        retryAt = tools.clock().instant().plus(tools.settings().retry().after(failures));
        tools.events().failed(pchannel, failure.code());
        // Log only the first failure in a row; the status has the rest. A damaged object needs an operator.
        var first = failure.code() == ErrorCode.DATA_LOSS ? LOG.atError() : LOG.atWarn();
        (failures == 1 ? first : LOG.atDebug())
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("failures", failures)
                .addKeyValue("error", failure.code())
                .setCause(failure)
                .log("flushing failed and will be retried");
    }

    private void stop(WalException reason) {
        steps.stop(reason);
        tools.events().failed(pchannel, reason.code());
        failures++;
        error = Optional.of(reason);
        LOG.atError()
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("error", reason.code())
                .setCause(reason)
                .log("flushing stopped");
    }

    private void publishPulse() {
        var trouble =
                new FlushStatus.Trouble(failures, error, retryAt, steps.trims().error());
        var status = new FlushStatus(
                steps.state(),
                known(steps.flushedLsn()),
                known(steps.nextLsn()),
                trouble,
                false,
                paused ? Wait.NOTHING : steps.waitsFor());
        pulse = new Progress(
                status, steps.wakeAtMs(), steps.holdsReader(), steps.oldestUnflushedMs(), steps.flushedTimestampMs());
    }

    private static OptionalLong known(long lsn) {
        return lsn < 0 ? OptionalLong.empty() : OptionalLong.of(lsn);
    }

    private void settle() {
        var status = pulse.status();
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
        try {
            if (!stepping.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.atWarn()
                        .addKeyValue("pchannel", pchannel)
                        .addKeyValue("state", status().state())
                        .log("a step of the flusher did not end in time; no other step follows it");
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            steps.close();
            return true;
        } finally {
            stepping.unlock();
        }
    }
}
