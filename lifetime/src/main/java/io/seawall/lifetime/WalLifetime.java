package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.wal.WalOpener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Holds the {@link Lifetime} of one pchannel and performs its actions.
 *
 * <p>{@link #transition} alone replaces the value, under a lock that covers the pure step, one log line and the queueing of
 * actions. The actions run outside the lock: short ones in the mailbox, in order; those that may block on the workers, never
 * two at a time, because the {@link Lifetime} asks for the next one only when the last one has ended.
 */
final class WalLifetime {
    private static final Logger log = LoggerFactory.getLogger(WalLifetime.class);

    private final PChannel pchannel;
    private final WalOpener opener;
    private final FlusherHook flusher;
    private final Workers workers;
    private final InstantSource clock;
    private final Counters counters;
    private final Consumer<LifetimeStatus> listener;
    private final SerialExecutor mailbox;
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final Object lock = new Object();

    /** Written by {@link #transition} under the lock, read by any thread without it. */
    private volatile LifetimeView view;

    private Wanted wanted = new Wanted(LifetimeState.INITIAL, ""); // guarded by the lock
    private Instant openingSince = Instant.MIN; // guarded by the lock; when the opening began

    /** The opening started last. Used by the mailbox's tasks only. */
    private @Nullable OpenStep opening;

    /** Completes when the openings that were given up are over. Replaced by the mailbox's tasks only. */
    private volatile CompletableFuture<Void> leftBehind = CompletableFuture.completedFuture(null);

    WalLifetime(
            PChannel pchannel,
            WalOpener opener,
            FlusherHook flusher,
            Workers workers,
            InstantSource clock,
            Counters counters,
            Consumer<LifetimeStatus> listener) {
        this.pchannel = pchannel;
        this.opener = opener;
        this.flusher = flusher;
        this.workers = workers;
        this.clock = clock;
        this.counters = counters;
        this.listener = listener;
        this.mailbox = new SerialExecutor(workers.signals());
        this.view = LifetimeView.initial(pchannel, clock.instant());
    }

    /**
     * The state that was requested last, as far as the log line needs it.
     *
     * @param why why it was requested, empty if that is not known
     */
    private record Wanted(LifetimeState state, String why) {}

    /**
     * Requests a state; returns the caller's own future.
     *
     * @param why why, for the log line; empty if that is not known
     */
    CompletableFuture<Void> request(LifetimeState target, String why) {
        var waiter = new Waiter(target);
        synchronized (lock) {
            if (wanted.state().isBefore(target)) {
                wanted = new Wanted(target, why);
            }
        }
        transition(lifetime -> lifetime.onRequest(waiter), waiter);
        if (!waiter.future().isDone()) {
            // Also runs after our own answer: then the waiter is no longer known and nothing changes.
            var unused = waiter.future().whenComplete((done, error) -> on(lifetime -> lifetime.onWaiterGone(waiter)));
        }
        return waiter.future();
    }

    /** Starts to close; {@link #terminated} completes when everything is closed. */
    void shutdown() {
        on(Lifetime::onShutdown);
    }

    /** Completes when everything is closed and every waiter is answered. */
    CompletableFuture<Void> terminated() {
        return terminated;
    }

    /** Completes when, in addition, openings that were given up are over, so that no log can open any more. */
    CompletableFuture<Void> released() {
        return terminated.thenCompose(done -> leftBehind);
    }

    LifetimeStatus status() {
        return view.status();
    }

    /** Returns the log if it is available. A log that has ended is not, even if its end was not handled yet. */
    Optional<FlushableWal> wal() {
        return view.lifetime().phase() instanceof LifetimePhase.Up up
                        && !up.wal().ended().isDone()
                ? Optional.of(up.wal())
                : Optional.empty();
    }

    /** Returns the error for a caller that uses a log that is no longer handed out. */
    WalException goneFor(Wal wal) {
        var now = status();
        return now.current().available() && now.current().term() > wal.term()
                ? LifetimeErrors.otherTerm(now, now.current().term(), wal.term())
                : LifetimeErrors.unavailable(now);
    }

    /**
     * Handles an event from a step, a log or a caller's future. These cannot handle a broken invariant: it is logged, and the
     * pchannel stays as it is.
     */
    private void on(Function<Lifetime, Decision> event) {
        try {
            transition(event, null);
        } catch (RuntimeException e) {
            log.atError()
                    .setCause(e)
                    .addKeyValue("pchannel", pchannel)
                    .log("broken invariant; the pchannel stays as it is");
        }
    }

    /**
     * Replaces the value; see {@link LifetimePhase} for the diagram.
     *
     * @param event what happened
     * @param own the caller's waiter: no other thread knows its future yet, so a refusal completes it right here
     */
    private void transition(Function<Lifetime, Decision> event, @Nullable Waiter own) {
        synchronized (lock) {
            var before = view;
            var decision = event.apply(before.lifetime());
            var after = before.next(decision.next(), clock.instant());
            view = after;
            if (!after.lifetime().phase().equals(before.lifetime().phase())) {
                recordMove(before, after);
            }
            for (var action : decision.actions()) {
                if (action instanceof Action.Answer answer && answer.waiter() == own) {
                    answer(answer);
                } else {
                    mailbox.execute(() -> perform(action));
                }
            }
            if (!after.status().current().equals(before.status().current())) {
                mailbox.execute(() -> listener.accept(after.status()));
            }
            if (after.lifetime().isTerminated() && !before.lifetime().isTerminated()) {
                mailbox.execute(() -> terminated.complete(null));
            }
        }
    }

    private void recordMove(LifetimeView before, LifetimeView after) {
        var status = after.status();
        var stay = Duration.between(before.phaseSince(), after.phaseSince());
        // The clock may be set back.
        counters.moved(before.status().step(), stay.isNegative() ? Duration.ZERO : stay, status.step());
        log.atDebug()
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("from", before.status().step())
                .addKeyValue("to", status.step())
                .addKeyValue("current", status.current())
                .addKeyValue("expected", status.expected())
                .addKeyValue("durationMs", stay.toMillis())
                .log("pchannel moved");
        if (status.step() == LifetimeStep.OPENING) {
            openingSince = after.phaseSince();
        } else if (after.lifetime().phase() instanceof LifetimePhase.Up up) {
            logOpened(up.wal(), after.phaseSince());
        } else if (status.step() == LifetimeStep.DOWN) {
            logDown(before.status().step(), status);
        }
    }

    private void logOpened(Wal wal, Instant now) {
        var took = Duration.between(openingSince, now);
        var line = log.atInfo()
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("term", wal.term())
                .addKeyValue("tail", wal.tail())
                .addKeyValue("durationMs", took.isNegative() ? 0 : took.toMillis());
        withReason(line, LifetimeState.availableAt(wal.term())).log("log opened");
    }

    private void logDown(LifetimeStep before, LifetimeStatus status) {
        var wasOpen = before != LifetimeStep.OPENING;
        var cause = status.cause();
        if (cause != null) {
            log.atWarn()
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("term", status.current().term())
                    .addKeyValue("code", cause.code())
                    .addKeyValue("error", cause.getMessage())
                    .log(wasOpen ? "log closed after an error" : "log not opened");
        } else if (wasOpen) {
            var line = log.atInfo()
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("term", status.current().term());
            withReason(line, status.current()).log("log closed");
        }
    }

    private LoggingEventBuilder withReason(LoggingEventBuilder line, LifetimeState state) {
        return wanted.state().equals(state) && !wanted.why().isEmpty() ? line.addKeyValue("why", wanted.why()) : line;
    }

    private void perform(Action action) {
        if (action instanceof Action.Answer answer) {
            answer(answer);
        } else if (action instanceof Action.StartOpen start) {
            startOpen(start.term());
        } else if (action instanceof Action.CancelOpen) {
            cancelOpen();
        } else if (action instanceof Action.Register register) {
            register(register.wal());
        } else if (action instanceof Action.Unregister unregister) {
            var wal = unregister.wal();
            release("unregister", wal.term(), () -> flusher.unregister(wal), Lifetime::onUnregistered);
        } else if (action instanceof Action.CloseWal close) {
            release("close", close.wal().term(), close.wal()::close, Lifetime::onClosed);
        } else {
            throw new IllegalStateException("unknown action " + action);
        }
    }

    private void answer(Action.Answer answer) {
        answer.error().ifPresent(error -> counters.refused(error.code()));
        var future = answer.waiter().future();
        answer.error().ifPresentOrElse(future::completeExceptionally, () -> future.complete(null));
    }

    private void startOpen(long term) {
        var step = new OpenStep(pchannel, term, opener, workers);
        opening = step;
        var unused = step.outcome().whenComplete((wal, error) -> {
            if (wal != null) {
                onOpened(wal);
            } else {
                var failure = openFailure(term, error);
                on(lifetime -> lifetime.onOpenFailed(failure));
            }
        });
        leftBehind = leftBehind.isDone() ? step.released() : CompletableFuture.allOf(leftBehind, step.released());
        step.start();
    }

    private WalException openFailure(long term, Throwable thrown) {
        var operation = "open " + pchannel + " at term " + term;
        return thrown instanceof TimeoutException late
                ? LifetimeErrors.overdue(pchannel, operation, String.valueOf(late.getMessage()))
                : LifetimeErrors.failure(pchannel, operation, thrown);
    }

    private void onOpened(FlushableWal wal) {
        on(lifetime -> lifetime.onOpened(wal));
        var unused = wal.ended().whenComplete((reason, error) -> {
            var cause = reason != null
                    ? reason
                    : LifetimeErrors.failure(
                            pchannel,
                            "keep " + pchannel + " open",
                            error != null ? error : new IllegalStateException("a log ended without a reason"));
            on(lifetime -> lifetime.onEnded(wal, cause));
        });
    }

    private void cancelOpen() {
        var step = opening;
        if (step != null) {
            step.cancel();
        }
    }

    private void register(FlushableWal wal) {
        workers.starting()
                .run(
                        () -> flusher.register(wal),
                        end -> on(
                                end.isEmpty()
                                        ? Lifetime::onRegistered
                                        : lifetime -> lifetime.onRegisterFailed(
                                                registerFailure(end.get()), end.get() instanceof TimeoutException)));
    }

    private WalException registerFailure(Throwable thrown) {
        var operation = "register " + pchannel + " with the flusher";
        return thrown instanceof TimeoutException late
                ? LifetimeErrors.overdue(pchannel, operation, String.valueOf(late.getMessage()))
                : LifetimeErrors.failure(pchannel, operation, thrown);
    }

    /** Unregisters or closes, and continues even if that fails: the next term fences a log that cannot be released. */
    private void release(String step, long term, Runnable work, Function<Lifetime, Decision> next) {
        workers.releasing().run(work, end -> {
            end.ifPresent(thrown -> log.atError()
                    .setCause(thrown)
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("term", term)
                    .addKeyValue("step", step)
                    .log("a step failed or takes too long"));
            on(next);
        });
    }
}
