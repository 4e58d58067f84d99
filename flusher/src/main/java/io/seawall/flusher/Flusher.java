package io.seawall.flusher;

import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReaders;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Writes the committed records of opened logs into segments, each LSN into exactly one, even if other flushers flush the same
 * log at the same time. Retries a failing store or log for as long as the log is registered; {@link #status} shows the
 * failures. All methods are thread-safe; only {@link #unregister} and {@link #close} block.
 */
public final class Flusher implements AutoCloseable {
    private final FlushTools tools;
    private final Executor executor;
    private final Runnable stopThreads;
    private final ConcurrentHashMap<PChannel, FlushWorker> workers = new ConcurrentHashMap<>();
    /** Set once, by close; read by all threads. */
    private volatile boolean closed;

    /** The threads of a flusher, on which all steps run. */
    public interface Threads extends Executor {
        /** Runs a task again and again, with this pause before each run. */
        void every(Duration period, Runnable task);

        /** Stops starting tasks; does not wait for those in progress. */
        void stop();
    }

    /**
     * What a flusher runs on.
     *
     * @param clock the time of day, for the ages of records
     * @param nanoTime a clock that never jumps, in nanoseconds, for pauses and waits
     * @param random for the sync markers of files
     * @param threads run the steps; the flusher stops them
     */
    public record Platform(InstantSource clock, LongSupplier nanoTime, RandomGenerator random, Threads threads) {}

    /**
     * Starts the threads of a flusher and removes what dead processes left in the spool folder.
     *
     * @param store where segments go; the caller closes it
     * @param readers where records come from; the caller closes them, after the flusher
     * @param settings the settings
     * @param events receives what the flusher does
     * @param clock the time of day, for the ages of records
     * @param nanoTime a clock that never jumps, in nanoseconds, for pauses and waits: {@code System::nanoTime}
     * @throws io.seawall.wal.OperatorException with {@link ErrorCode#INTERNAL} if the spool folder cannot be used
     */
    public Flusher(
            SegmentStore store,
            WalReaders readers,
            FlusherSettings settings,
            FlusherEvents events,
            InstantSource clock,
            LongSupplier nanoTime) {
        this(
                store,
                readers,
                settings,
                events,
                new Platform(
                        clock,
                        nanoTime,
                        new SecureRandom(),
                        new FlusherThreads(settings.work().threads())));
    }

    /**
     * Creates a flusher on threads that are given, for programs that run everything themselves, such as a simulation. Otherwise
     * like the other constructor.
     *
     * @param platform clocks, randomness and threads
     */
    public Flusher(
            SegmentStore store, WalReaders readers, FlusherSettings settings, FlusherEvents events, Platform platform) {
        this(
                FlushTools.open(
                        store, readers, settings, events, platform.clock(), platform.nanoTime(), platform.random()),
                platform.threads(),
                platform.threads()::stop);
        platform.threads().every(settings.work().tick(), this::tick);
    }

    /** Creates a flusher without threads: the caller runs {@link #tick} and the executor's tasks. */
    Flusher(FlushTools tools, Executor executor, Runnable stopThreads) {
        this.tools = tools;
        this.executor = executor;
        this.stopThreads = stopThreads;
    }

    /**
     * Starts to flush a log. Does no I/O and does not block.
     *
     * @param wal the log, until {@link #unregister}
     * @throws io.seawall.wal.RetryableException with {@link ErrorCode#SHUTTING_DOWN} after {@link #close}
     * @throws IllegalStateException if a log of this pchannel is registered already
     */
    public void register(FlushableWal wal) {
        var worker = new FlushWorker(wal, tools, executor);
        var other = workers.putIfAbsent(wal.pchannel(), worker);
        if (other != null) {
            throw new IllegalStateException("cannot register " + wal.pchannel() + " at term " + wal.term()
                    + ": it is registered at term " + other.wal().term() + "; unregister that one first");
        }
        if (closed) {
            // Checked after the put, so that either close() sees this worker or we see that the flusher is closed.
            workers.remove(wal.pchannel(), worker);
            worker.end(shuttingDown(wal.pchannel()));
            throw shuttingDown(wal.pchannel());
        }
        worker.wake();
    }

    /**
     * Stops flushing a log. Afterwards nothing is read from it or requested from it; waiting flush requests fail with
     * {@link ErrorCode#NOT_OWNER}. Unpublished records are dropped: the next owner reads them again. Waits for a step in
     * progress, for at most {@link FlusherSettings.Work#closeTimeout}; a put that hangs longer in the store may still succeed,
     * which does no harm.
     *
     * @param wal the log; one that is not registered is not an error
     */
    public void unregister(FlushableWal wal) {
        var worker = workers.get(wal.pchannel());
        if (worker == null || worker.wal() != wal || !workers.remove(wal.pchannel(), worker)) {
            return;
        }
        worker.end(notOwner("flush ", wal.pchannel()));
        worker.release(tools.settings().work().closeTimeout());
    }

    /**
     * Commits and flushes all records acknowledged before the call. Publishes no empty segment.
     *
     * @param pchannel the log
     * @return completes, on a thread of the flusher that must not be blocked, with {@link #flushed} once every record
     *     acknowledged before the call is in a segment. Fails with {@link io.seawall.wal.OwnershipException} of code
     *     {@link ErrorCode#NOT_OWNER} if the log is not registered or no longer; {@link io.seawall.wal.RetryableException} of
     *     code {@link ErrorCode#OVERLOADED} if 1,000 requests wait; the commit's error; or the error that stopped the flushing.
     *     Temporary failures of the store only delay it
     */
    public CompletableFuture<Long> flush(PChannel pchannel) {
        var worker = workers.get(pchannel);
        if (worker != null) {
            return worker.flush();
        }
        return CompletableFuture.failedFuture(closed ? shuttingDown(pchannel) : notOwner("flush ", pchannel));
    }

    /**
     * Returns how far a log is flushed.
     *
     * @param pchannel the log
     * @return the LSN below which all records are in segments; empty until the store was asked, or if the log is not registered
     */
    public OptionalLong flushed(PChannel pchannel) {
        var worker = workers.get(pchannel);
        return worker == null ? OptionalLong.empty() : worker.status().flushedLsn();
    }

    /**
     * Returns the status of flushing a log.
     *
     * @param pchannel the log
     * @return a snapshot; empty if the log is not registered
     */
    public Optional<FlushStatus> status(PChannel pchannel) {
        return Optional.ofNullable(workers.get(pchannel)).map(FlushWorker::status);
    }

    /**
     * Pauses the flushing and trimming of a log until {@link #resume}, or until it is opened again, here or elsewhere. Records
     * that were read and not published are dropped; a put in progress completes. Requests that wait keep waiting, later ones
     * fail.
     *
     * @param pchannel the log; one that is paused already is not an error
     * @throws io.seawall.wal.OwnershipException with {@link ErrorCode#NOT_OWNER} if it is not registered
     */
    public void pause(PChannel pchannel) {
        registered(pchannel, "pause the flushing of ").pause();
    }

    /**
     * Resumes flushing after {@link #pause}.
     *
     * @param pchannel the log; one that is not paused is not an error
     * @throws io.seawall.wal.OwnershipException with {@link ErrorCode#NOT_OWNER} if it is not registered
     */
    public void resume(PChannel pchannel) {
        registered(pchannel, "resume the flushing of ").resume();
    }

    private FlushWorker registered(PChannel pchannel, String operation) {
        var worker = workers.get(pchannel);
        if (worker == null) {
            throw closed ? shuttingDown(pchannel) : notOwner(operation, pchannel);
        }
        return worker;
    }

    /**
     * Returns how far the segments lag behind the log.
     *
     * @param pchannel the log
     * @return empty if it is not registered
     */
    public Optional<FlushLag> lag(PChannel pchannel) {
        return Optional.ofNullable(workers.get(pchannel))
                .map(worker -> new FlushLag(
                        worker.lagRecords(), worker.lag(tools.clock().instant())));
    }

    /** Returns the registered logs. */
    public Set<PChannel> pchannels() {
        return Set.copyOf(workers.keySet());
    }

    /** Returns how much of the budgets all pchannels use. */
    public FlushUsage usage() {
        var memory = tools.memory();
        var spool = tools.spool().budget();
        return new FlushUsage(
                memory.usedBytes(), memory.budgetBytes(), memory.readers().held(), spool.usedBytes(), spool.maxBytes());
    }

    /** Wakes the workers that are due. */
    void tick() {
        workers.values().forEach(FlushWorker::wakeIfDue);
    }

    /**
     * Stops flushing all logs as {@link #unregister} does, within one {@link FlusherSettings.Work#closeTimeout} for all;
     * requests fail with {@link ErrorCode#SHUTTING_DOWN}. May be called more than once.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        workers.forEach((pchannel, worker) -> worker.end(shuttingDown(pchannel)));
        var deadlineMs =
                tools.elapsedMs() + tools.settings().work().closeTimeout().toMillis();
        workers.values().forEach(worker -> worker.release(until(deadlineMs)));
        workers.clear();
        stopThreads.run();
        tools.spool().close();
    }

    private Duration until(long deadlineMs) {
        return Duration.ofMillis(Math.max(0, deadlineMs - tools.elapsedMs()));
    }

    private static WalException notOwner(String operation, PChannel pchannel) {
        return Problem.of(ErrorCode.NOT_OWNER, operation + pchannel)
                .pchannel(pchannel)
                .found("a log that is not open here")
                .expected("the node that owns it")
                .exception();
    }

    private static WalException shuttingDown(PChannel pchannel) {
        return Problem.of(ErrorCode.SHUTTING_DOWN, "flush " + pchannel)
                .pchannel(pchannel)
                .found("a flusher that is closing")
                .exception();
    }
}
