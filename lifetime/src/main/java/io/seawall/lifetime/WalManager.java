package io.seawall.lifetime;

import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.wal.WalOpener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pchannels of this process: takes each of them to the state requested last. Thread-safe; only {@link #close} blocks.
 *
 * <p>Pchannels do not wait for each other; the steps of one pchannel follow each other. Only the latest request counts:
 * of open 2, 3 and 4 in quick succession, 3 may never be opened. A step that was started is finished, even if its caller gives
 * up.
 */
public final class WalManager implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WalManager.class);

    /** Ending an opening, unregistering, closing: each within one close timeout. */
    private static final int STEPS_TO_CLOSE = 3;

    private final WalOpener opener;
    private final FlusherHook flusher;
    private final InstantSource clock;
    private final Workers workers;
    private final Duration closeBound;
    private final Map<PChannel, WalLifetime> lifetimes = new ConcurrentHashMap<>();
    private final Counters counters = new Counters();
    private final List<LifetimeListener> listeners = new CopyOnWriteArrayList<>();

    // Writes are guarded by {@code lifetimes}, so that the close also ends an open that was accepted just before it.
    private volatile boolean closing;

    /**
     * What a manager runs on.
     *
     * @param signals runs tasks that do not block
     * @param blocking runs steps that may block, at least as many at a time as twice the setting's workers
     * @param timer runs alarms
     * @param late makes a thread for what has to be closed after everything else was
     */
    public record Threads(
            ExecutorService signals, ExecutorService blocking, ScheduledExecutorService timer, ThreadFactory late) {}

    /**
     * Creates a manager without pchannels, on threads of its own.
     *
     * @param opener opens the logs; the caller closes it, after the manager
     * @param flusher receives each log while it is open
     * @param settings the bounds
     * @param clock gives the times in statuses and log lines
     */
    public WalManager(WalOpener opener, FlusherHook flusher, LifetimeSettings settings, InstantSource clock) {
        this(opener, flusher, settings, clock, Workers.start(settings));
    }

    /**
     * Creates a manager without pchannels on threads that are given, as a simulation in one thread does.
     *
     * @param opener opens the logs; the caller closes it, after the manager
     * @param flusher receives each log while it is open
     * @param settings the bounds
     * @param clock gives the times in statuses and log lines
     * @param threads run everything; the manager shuts them down
     */
    public WalManager(
            WalOpener opener, FlusherHook flusher, LifetimeSettings settings, InstantSource clock, Threads threads) {
        this(opener, flusher, settings, clock, new Workers(settings, threads));
    }

    private WalManager(
            WalOpener opener, FlusherHook flusher, LifetimeSettings settings, InstantSource clock, Workers workers) {
        this.opener = opener;
        this.flusher = flusher;
        this.clock = clock;
        this.workers = workers;
        this.closeBound = settings.closeTimeout().multipliedBy(STEPS_TO_CLOSE);
    }

    /**
     * Expects a pchannel to be available at a term. A caller that cancels its future or lets it time out ends only its own
     * waiting.
     *
     * <p>The future completes once the log is open, the flusher has registered it, and {@link #get(PChannel, long)} returns it;
     * at once if that is the case already. It fails with the opener's or the flusher's error as a
     * {@link io.seawall.wal.WalException}, and with
     *
     * <ul>
     *   <li>{@code IGNORED}, at once, if the expected state is this one or a later one: the number {@code expectedTerm} is its
     *       term;
     *   <li>{@code SUPERSEDED} if a later expectation came before this one was reached;
     *   <li>{@code SHUTTING_DOWN} once {@link #close} was called;
     *   <li>{@code INVALID} for a term below 0;
     *   <li>{@code OVERLOADED} if 1,000 callers wait for the same term.
     * </ul>
     *
     * <p>Continuations of the future run on one of the few threads that answer all callers: they must not block. After a
     * failure the term is used up: only a higher one opens the pchannel again.
     *
     * @param pchannel the log
     * @param term 0 or more
     * @return the caller's own future
     */
    public CompletableFuture<Void> open(PChannel pchannel, long term) {
        return open(pchannel, term, "");
    }

    /**
     * Does the same as {@link #open(PChannel, long)}.
     *
     * @param why why the log is to be opened, for the log line
     */
    public CompletableFuture<Void> open(PChannel pchannel, long term, String why) {
        return request(pchannel, LifetimeState.availableAt(term), why);
    }

    /**
     * Expects a pchannel to be unavailable at a term and at all lower ones. The future completes once no log of it is open
     * here, even if opening it had failed. It fails as that of {@link #open} does, but never with an opener's error.
     *
     * @param pchannel the log
     * @param term 0 or more
     * @return the caller's own future
     */
    public CompletableFuture<Void> remove(PChannel pchannel, long term) {
        return remove(pchannel, term, "");
    }

    /**
     * Does the same as {@link #remove(PChannel, long)}.
     *
     * @param why why the log is to be closed, for the log line
     */
    public CompletableFuture<Void> remove(PChannel pchannel, long term, String why) {
        return request(pchannel, LifetimeState.unavailableAt(term), why);
    }

    /**
     * Returns the log of a pchannel, at whatever term it is available.
     *
     * @param pchannel the log
     * @return a handle whose {@code close} does nothing. Once the log is gone its futures fail: with the log's own reason if it
     *     ended by itself, else with the error that this method would then throw for its term
     * @throws io.seawall.wal.OwnershipException with {@code NOT_OWNER} if none is available here
     * @throws io.seawall.wal.RetryableException with {@code SHUTTING_DOWN} once {@link #close} was called
     */
    public Wal get(PChannel pchannel) {
        if (closing) {
            throw LifetimeErrors.closedForGet(pchannel);
        }
        var lifetime = lifetimes.get(pchannel);
        if (lifetime == null) {
            throw LifetimeErrors.unknown(pchannel);
        }
        var wal = lifetime.wal().orElseThrow(() -> LifetimeErrors.unavailable(lifetime.status()));
        return new WalHandle(wal, () -> refusal(lifetime, wal));
    }

    /**
     * Returns the log of a pchannel at one term.
     *
     * @param pchannel the log
     * @param term the term at which the caller expects it
     * @return as {@link #get(PChannel)}
     * @throws io.seawall.wal.OwnershipException with {@code NOT_OWNER} if none is available here or only one of a lower term,
     *     with {@code TERM_EXPIRED} if one of a higher term is; the numbers {@code expectedTerm} and {@code currentTerm} give
     *     the terms
     * @throws io.seawall.wal.RetryableException with {@code SHUTTING_DOWN} once {@link #close} was called
     */
    public Wal get(PChannel pchannel, long term) {
        var wal = get(pchannel);
        if (wal.term() != term) {
            throw LifetimeErrors.otherTerm(status(pchannel).orElseThrow(), wal.term(), term);
        }
        return wal;
    }

    /**
     * Returns why a handle is refused; null while its log is handed out, and for a log that itself fails with the reason why it
     * ended.
     */
    private @Nullable WalException refusal(WalLifetime lifetime, Wal wal) {
        if (wal.ended().isDone() || lifetime.wal().filter(open -> open == wal).isPresent()) {
            return null;
        }
        return closing ? LifetimeErrors.closedForGet(wal.pchannel()) : lifetime.goneFor(wal);
    }

    /** Returns the statuses of all pchannels that were ever requested, in order; also after {@link #close}. */
    public List<LifetimeStatus> statuses() {
        return lifetimes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().status())
                .toList();
    }

    /** Returns the status of one pchannel; empty if it was never requested. */
    public Optional<LifetimeStatus> status(PChannel pchannel) {
        return Optional.ofNullable(lifetimes.get(pchannel)).map(WalLifetime::status);
    }

    /** Returns the counters so far, for metrics. */
    public LifetimeCounts counts() {
        return counters.counts();
    }

    /** Adds a listener that is called after each later change of a current state. */
    public void addListener(LifetimeListener listener) {
        listeners.add(listener);
    }

    /**
     * Ends every pchannel: refuses further calls at once, cancels openings in progress, fails every waiter with
     * {@code SHUTTING_DOWN}, and unregisters and closes all logs in parallel. Blocks until that is done, but for at most three
     * close timeouts. Logs that are not closed by then are named in a log line, and still closed if they open later. May be
     * called more than once.
     */
    @Override
    public void close() {
        synchronized (lifetimes) {
            closing = true;
        }
        lifetimes.values().forEach(WalLifetime::shutdown);
        var all = CompletableFuture.allOf(
                lifetimes.values().stream().map(WalLifetime::terminated).toArray(CompletableFuture<?>[]::new));
        var unused = CompletableFuture.allOf(
                        lifetimes.values().stream().map(WalLifetime::released).toArray(CompletableFuture<?>[]::new))
                .thenRun(workers::close);
        try {
            all.get(closeBound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            logUnfinished("some logs could not be closed in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            logUnfinished("interrupted while closing logs");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lifetime's end cannot fail", e);
        }
    }

    private void logUnfinished(String message) {
        var unfinished = lifetimes.values().stream()
                .filter(lifetime -> !lifetime.terminated().isDone())
                .map(WalLifetime::status)
                .toList();
        log.atError().addKeyValue("unfinished", unfinished).log(message);
    }

    private CompletableFuture<Void> request(PChannel pchannel, LifetimeState target, String why) {
        if (target.term() < 0) {
            return refused(LifetimeErrors.negativeTerm(pchannel, target));
        }
        WalLifetime lifetime;
        synchronized (lifetimes) {
            if (closing) {
                return refused(LifetimeErrors.shuttingDown(pchannel, target));
            }
            lifetime = lifetimes.computeIfAbsent(
                    pchannel,
                    key -> new WalLifetime(key, opener, flusher, workers, clock, counters, this::notifyListeners));
        }
        return lifetime.request(target, why);
    }

    private CompletableFuture<Void> refused(WalException error) {
        counters.refused(error.code());
        return CompletableFuture.failedFuture(error);
    }

    private void notifyListeners(LifetimeStatus status) {
        for (var listener : listeners) {
            try {
                listener.onCurrentChanged(status);
            } catch (RuntimeException | Error e) {
                log.atError()
                        .setCause(e)
                        .addKeyValue("pchannel", status.pchannel())
                        .log("a listener failed");
            }
        }
    }
}
