package io.seawall.flusher;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReaders;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Writes what opened logs have committed into segments, each LSN into exactly one, whoever else flushes the same log at the
 * same time. A store or a log that fails is tried again for as long as the log is registered; {@link #status} shows it. All
 * methods may be called from any thread; only {@link #unregister} and {@link #close} block.
 */
public final class Flusher implements AutoCloseable {
    private final FlushTools tools;
    private final Executor executor;
    private final Runnable stopThreads;
    private final ConcurrentHashMap<PChannel, FlushWorker> workers = new ConcurrentHashMap<>();
    /** Set once, by close; read by all. */
    private volatile boolean closed;

    /**
     * Starts the threads of a flusher and removes what dead ones left in the spool folder.
     *
     * @param store where segments go; stays the caller's
     * @param readers where records come from; stays the caller's, and is closed after the flusher
     * @param settings how to work
     * @param events told of what is done
     * @param clock for the age of segments and pauses
     * @throws io.seawall.wal.OperatorException with {@link ErrorCode#INTERNAL} if the spool folder cannot be used
     */
    public Flusher(
            SegmentStore store,
            WalReaders readers,
            FlusherSettings settings,
            FlusherEvents events,
            InstantSource clock) {
        this(
                FlushTools.open(store, readers, settings, events, clock, new SecureRandom()),
                new FlusherThreads(settings.work().threads()));
    }

    private Flusher(FlushTools tools, FlusherThreads threads) {
        this(tools, threads, threads::stop);
        threads.every(tools.settings().work().tick(), this::tick);
    }

    /** A flusher without threads of its own: {@link #tick} and the executor's tasks are the caller's to run. */
    Flusher(FlushTools tools, Executor executor, Runnable stopThreads) {
        this.tools = tools;
        this.executor = executor;
        this.stopThreads = stopThreads;
    }

    /**
     * Starts to flush a log. Does no I/O and waits for nothing.
     *
     * @param wal the log, until {@link #unregister}
     * @throws io.seawall.wal.RetryableException with {@link ErrorCode#SHUTTING_DOWN} after {@link #close}
     * @throws IllegalStateException if a log of this pchannel is registered already
     */
    public void register(Wal wal) {
        var worker = new FlushWorker(wal, tools, executor);
        var other = workers.putIfAbsent(wal.pchannel(), worker);
        if (other != null) {
            throw new IllegalStateException("cannot register " + wal.pchannel() + " at term " + wal.term()
                    + ": it is registered at term " + other.wal().term() + "; unregister that one first");
        }
        if (closed) {
            // Looked at after the put, so that close() or we see the other one.
            workers.remove(wal.pchannel(), worker);
            worker.end(shuttingDown(wal.pchannel()));
            throw shuttingDown(wal.pchannel());
        }
        worker.wake();
    }

    /**
     * Ends the flushing of a log. Nothing more is read from it or asked of it afterwards; flush requests that still wait fail
     * with {@link ErrorCode#NOT_OWNER}. What was not published is thrown away: the next owner reads it again. Waits for a step
     * under way, for at most {@link FlusherSettings.Work#closeTimeout}; a put that hangs longer than that in the store may still
     * succeed, which does no harm.
     *
     * @param wal the log; one that is not registered is no error
     */
    public void unregister(Wal wal) {
        var worker = workers.get(wal.pchannel());
        if (worker == null || worker.wal() != wal || !workers.remove(wal.pchannel(), worker)) {
            return;
        }
        worker.end(notOwner("flush ", wal.pchannel()));
        worker.release(tools.settings().work().closeTimeout());
    }

    /**
     * Commits and flushes what was acknowledged before the call. Publishes no empty segment.
     *
     * @param pchannel the log
     * @return completes, on a thread of the flusher that must not be blocked, with {@link #flushed} once every record acknowledged
     *     before the call is in a segment. Fails with {@link io.seawall.wal.OwnershipException} of code
     *     {@link ErrorCode#NOT_OWNER} if the log is not registered or no longer; {@link io.seawall.wal.RetryableException} of code
     *     {@link ErrorCode#OVERLOADED} if 1,000 requests wait; the commit's error; or the error that stopped the flushing. A
     *     store that fails for a while only delays it
     */
    public CompletableFuture<Long> flush(PChannel pchannel) {
        var worker = workers.get(pchannel);
        if (worker != null) {
            return worker.flush();
        }
        return CompletableFuture.failedFuture(closed ? shuttingDown(pchannel) : notOwner("flush ", pchannel));
    }

    /**
     * Tells how far a log is flushed.
     *
     * @param pchannel the log
     * @return the LSN below which all are in segments; empty until the store was asked, or if the log is not registered
     */
    public OptionalLong flushed(PChannel pchannel) {
        var worker = workers.get(pchannel);
        return worker == null ? OptionalLong.empty() : worker.status().flushedLsn();
    }

    /**
     * Tells how flushing stands.
     *
     * @param pchannel the log
     * @return a snapshot; empty if the log is not registered
     */
    public Optional<FlushStatus> status(PChannel pchannel) {
        return Optional.ofNullable(workers.get(pchannel)).map(FlushWorker::status);
    }

    /**
     * Stops the flushing and trimming of a log until {@link #resume}, or until it is opened again, here or elsewhere. What was
     * read and not published is thrown away, a put under way ends; requests that wait go on waiting, later ones fail.
     *
     * @param pchannel the log; paused already is no error
     * @throws io.seawall.wal.OwnershipException with {@link ErrorCode#NOT_OWNER} if it is not registered
     */
    public void pause(PChannel pchannel) {
        registered(pchannel, "pause the flushing of ").pause();
    }

    /**
     * Goes on after {@link #pause}.
     *
     * @param pchannel the log; one that is not paused is no error
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
     * Tells how far the segments are behind the log.
     *
     * @param pchannel the log
     * @return empty if it is not registered
     */
    public Optional<FlushLag> lag(PChannel pchannel) {
        return Optional.ofNullable(workers.get(pchannel))
                .map(worker -> new FlushLag(
                        worker.lagRecords(), worker.lag(tools.clock().instant())));
    }

    /** The logs that are registered. */
    public Set<PChannel> pchannels() {
        return Set.copyOf(workers.keySet());
    }

    /** What all pchannels together take of the budgets. */
    public FlushUsage usage() {
        var memory = tools.memory();
        var spool = tools.spool().budget();
        return new FlushUsage(
                memory.usedBytes(), memory.budgetBytes(), memory.readers().held(), spool.usedBytes(), spool.maxBytes());
    }

    /** Wakes the workers that have something to do. */
    void tick() {
        var now = tools.clock().instant();
        workers.values().forEach(worker -> {
            if (worker.isDue(now)) {
                worker.wake();
            }
        });
    }

    /**
     * Ends all flushing as {@link #unregister} does, for all logs within one {@link FlusherSettings.Work#closeTimeout}; requests fail
     * with {@link ErrorCode#SHUTTING_DOWN}. May be called more than once.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        workers.forEach((pchannel, worker) -> worker.end(shuttingDown(pchannel)));
        var deadline = tools.clock().instant().plus(tools.settings().work().closeTimeout());
        workers.values().forEach(worker -> worker.release(remaining(deadline)));
        workers.clear();
        stopThreads.run();
        tools.spool().close();
    }

    private Duration remaining(Instant deadline) {
        var left = Duration.between(tools.clock().instant(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
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
