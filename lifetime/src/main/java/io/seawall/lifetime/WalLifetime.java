package io.seawall.lifetime;

import io.seawall.wal.Opening;
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

/**
 * Keeps the {@link Lifetime} of one pchannel and does what its decisions ask for.
 *
 * <p>{@link #transition} alone replaces the value, under a lock that is held for the pure step, one log line and the queueing
 * of actions. The actions run outside of it: short ones in the mailbox, in order; those that may block on the workers, never
 * two at a time, as the {@link Lifetime} asks for the next one only when the last one has ended.
 */
final class WalLifetime {
    private static final Logger log = LoggerFactory.getLogger(WalLifetime.class);

    private final PChannel pchannel;
    private final WalOpener opener;
    private final FlusherHook flusher;
    private final Workers workers;
    private final InstantSource clock;
    private final Counters counters;
    private final Consumer<PChannelStatus> listener;
    private final Mailbox mailbox;
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final Object lock = new Object();

    /** Written by {@link #transition} under the lock, read by anybody without it. */
    private volatile View view;

    /** The opening started last. Touched by the mailbox's tasks alone. */
    private CompletableFuture<Opening> opening = new CompletableFuture<>();

    WalLifetime(
            PChannel pchannel,
            WalOpener opener,
            FlusherHook flusher,
            Workers workers,
            InstantSource clock,
            Counters counters,
            Consumer<PChannelStatus> listener) {
        this.pchannel = pchannel;
        this.opener = opener;
        this.flusher = flusher;
        this.workers = workers;
        this.clock = clock;
        this.counters = counters;
        this.listener = listener;
        this.mailbox = new Mailbox(workers.signals());
        this.view = View.initial(pchannel, clock.instant());
    }

    /** Asks for a state; the future is the caller's own. */
    CompletableFuture<Void> request(LifetimeState target) {
        var waiter = new Waiter(target);
        transition(lifetime -> lifetime.onRequest(waiter), waiter);
        if (!waiter.future().isDone()) {
            // Also runs after our own answer, when the waiter is no longer known and nothing changes.
            var unused = waiter.future().whenComplete((done, error) -> on(lifetime -> lifetime.onWaiterGone(waiter)));
        }
        return waiter.future();
    }

    /** Starts to close; {@link #terminated} says when it is done. */
    void shutdown() {
        on(Lifetime::onShutdown);
    }

    /** Completes when everything is closed and every waiter was answered. */
    CompletableFuture<Void> terminated() {
        return terminated;
    }

    PChannelStatus status() {
        return view.status();
    }

    /** The log, if it is available; one that has ended is not, even if its end was not handled yet. */
    Optional<Wal> wal() {
        return view.lifetime().phase() instanceof Phase.Up up
                        && !up.wal().ended().isDone()
                ? Optional.of(up.wal())
                : Optional.empty();
    }

    /**
     * An event from a step, a log or a caller's future. Whoever brings it cannot mend a broken invariant: the pchannel stays as
     * it is, and says so.
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
     * Replaces the value; see {@link Phase} for the diagram.
     *
     * @param event what happened
     * @param own the caller's waiter: its future is not known to anybody yet, so a refusal completes it right here
     */
    private void transition(Function<Lifetime, Decision> event, @Nullable Waiter own) {
        synchronized (lock) {
            var before = view;
            var decision = event.apply(before.lifetime());
            var after = before.next(decision.next(), clock.instant());
            view = after;
            if (!after.lifetime().phase().equals(before.lifetime().phase())) {
                logMove(before, after);
                counters.moved(after.status().step());
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

    private void logMove(View before, View after) {
        var status = after.status();
        var failed = status.step() == LifetimeStep.DOWN && status.cause() != null;
        var line = (failed ? log.atWarn() : log.atInfo())
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("from", before.status().step())
                .addKeyValue("to", status.step())
                .addKeyValue("current", status.current())
                .addKeyValue("expected", status.expected())
                .addKeyValue(
                        "durationMs",
                        Duration.between(before.phaseSince(), after.phaseSince())
                                .toMillis());
        var cause = status.cause();
        if (cause != null) {
            line = line.addKeyValue("code", cause.code()).addKeyValue("error", cause.getMessage());
        }
        line.log("pchannel moved");
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
            release("unregister", () -> flusher.unregister(unregister.wal()), Lifetime::onUnregistered);
        } else if (action instanceof Action.CloseWal close) {
            release("close", close.wal()::close, Lifetime::onClosed);
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
        var started = new CompletableFuture<Opening>();
        opening = started;
        var unused = started.thenCompose(Opening::wal).whenComplete((wal, error) -> {
            if (wal != null) {
                onOpened(wal);
            } else {
                var thrown = error != null ? error : new IllegalStateException("an opening gave no log");
                var failure = Refusals.failure(pchannel, "open " + pchannel + " at term " + term, thrown);
                on(lifetime -> lifetime.onOpenFailed(failure));
            }
        });
        // The opening may come even after the limit, and then has to be closed: the pchannel waits for it.
        workers.run(() -> callOpener(term, started), end -> end.ifPresent(thrown -> logStuck("open", term, thrown)));
    }

    private void callOpener(long term, CompletableFuture<Opening> started) {
        try {
            started.complete(opener.open(pchannel, term));
        } catch (RuntimeException e) {
            started.completeExceptionally(e);
        }
    }

    private void onOpened(Wal wal) {
        on(lifetime -> lifetime.onOpened(wal));
        var unused = wal.ended().whenComplete((reason, error) -> {
            var cause = reason != null
                    ? reason
                    : Refusals.failure(
                            pchannel,
                            "keep " + pchannel + " open",
                            error != null ? error : new IllegalStateException("a log ended without a reason"));
            on(lifetime -> lifetime.onEnded(wal, cause));
        });
    }

    private void cancelOpen() {
        var unused = opening.thenAccept(started -> {
            try {
                started.cancel();
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).addKeyValue("pchannel", pchannel).log("opening cannot be cancelled");
            }
        });
    }

    private void register(Wal wal) {
        workers.run(
                () -> flusher.register(wal),
                end -> on(
                        end.isEmpty()
                                ? Lifetime::onRegistered
                                : lifetime -> lifetime.onRegisterFailed(
                                        registerFailure(end.get()), end.get() instanceof TimeoutException)));
    }

    private WalException registerFailure(Throwable thrown) {
        var operation = "register " + pchannel + " with the flusher";
        return thrown instanceof TimeoutException
                ? Refusals.overdue(pchannel, operation, workers.limit().toString())
                : Refusals.failure(pchannel, operation, thrown);
    }

    /** Unregisters or closes. Goes on whatever comes of it: a log that cannot be let go of is fenced by the next term. */
    private void release(String step, Runnable work, Function<Lifetime, Decision> next) {
        workers.run(work, end -> {
            end.ifPresent(thrown -> logStuck(step, view.status().current().term(), thrown));
            on(next);
        });
    }

    private void logStuck(String step, long term, Throwable thrown) {
        log.atError()
                .setCause(thrown)
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("term", term)
                .addKeyValue("step", step)
                .log("step failed or takes too long");
    }

    /** The value with the times of its last changes, by the manager's clock. */
    private record View(Lifetime lifetime, Instant since, Instant phaseSince, PChannelStatus status) {
        static View initial(PChannel pchannel, Instant now) {
            return of(Lifetime.initial(pchannel), now, now);
        }

        View next(Lifetime next, Instant now) {
            var sameState = next.phase().current().equals(lifetime.phase().current());
            var samePhase = next.phase().equals(lifetime.phase());
            return of(next, sameState ? since : now, samePhase ? phaseSince : now);
        }

        private static View of(Lifetime lifetime, Instant since, Instant phaseSince) {
            var phase = lifetime.phase();
            var status = new PChannelStatus(
                    lifetime.pchannel(),
                    lifetime.expected(),
                    phase.current(),
                    phase.step(),
                    since,
                    lifetime.termsSeen(),
                    phase.cause().orElse(null));
            return new View(lifetime, since, phaseSince, status);
        }
    }
}
