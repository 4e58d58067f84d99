package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The lifetime of one pchannel as a value: an event returns the next value and the actions to take. Uses no threads, no clock
 * and no I/O; see docs/protocol.md#lifetime.
 *
 * <p>At most one action of {@link Action.StartOpen}, {@link Action.Register}, {@link Action.Unregister} and
 * {@link Action.CloseWal} is in progress at any time: entering a phase asks for it, and only its end leaves the phase. So
 * operations are serialized, a log is unregistered before it closes, and it is closed before the next one opens. Requests that
 * come meanwhile change only {@code expected}; when the phase ends, only the latest expectation is pursued.
 *
 * <p>An opening whose term is no longer expected is asked to stop. If it succeeds anyway, its log is closed without having been
 * registered or handed out, and its term is used up: the current state becomes (term, unavailable).
 *
 * @param pchannel the log
 * @param expected the state requested last; only moves forward
 * @param phase the current phase; its current state only moves forward
 * @param waiters the callers that wait for {@code expected}, at most {@value #MOST_WAITERS}
 * @param closing whether the manager is closing; then requests are refused and nothing opens any more
 * @param termsSeen how many terms were expected so far
 */
record Lifetime(
        PChannel pchannel,
        LifetimeState expected,
        LifetimePhase phase,
        List<Waiter> waiters,
        boolean closing,
        long termsSeen) {
    /** Far above what a coordinator and a few operators need; a caller that requests in a loop is refused. */
    static final int MOST_WAITERS = 1_000;

    static Lifetime initial(PChannel pchannel) {
        var down = new LifetimePhase.Down(LifetimeState.INITIAL.term(), Optional.empty());
        return new Lifetime(pchannel, LifetimeState.INITIAL, down, List.of(), false, 0);
    }

    /** Returns whether this pchannel is closed permanently: nothing is open or in progress, and nothing will be. */
    boolean isTerminated() {
        return closing && phase instanceof LifetimePhase.Down;
    }

    /** A caller requests the waiter's target state. */
    Decision onRequest(Waiter waiter) {
        var target = waiter.target();
        if (closing) {
            return refuse(waiter, LifetimeErrors.shuttingDown(pchannel, target));
        }
        if (target.available() && target.equals(expected) && !isSettledUnavailable()) {
            return join(waiter);
        }
        if (!expected.isBefore(target)) {
            return refuse(waiter, LifetimeErrors.ignored(pchannel, target, expected));
        }
        var actions =
                answerAll(overtaken -> Optional.of(LifetimeErrors.superseded(pchannel, overtaken.target(), target)));
        var terms = target.term() == expected.term() ? termsSeen : termsSeen + 1;
        return new Lifetime(pchannel, target, phase, List.of(waiter), false, terms).advance(actions);
    }

    /** A caller stops waiting. Its request stays in force. */
    Decision onWaiterGone(Waiter waiter) {
        var rest = waiters.stream().filter(other -> other != waiter).toList();
        return new Decision(withWaiters(rest), List.of());
    }

    /** The manager closes. */
    Decision onShutdown() {
        if (closing) {
            return new Decision(this, List.of());
        }
        var actions = answerAll(waiter -> Optional.of(LifetimeErrors.shuttingDown(pchannel, waiter.target())));
        return new Lifetime(pchannel, expected, phase, List.of(), true, termsSeen).advance(actions);
    }

    /** The opener has opened the log. */
    Decision onOpened(FlushableWal wal) {
        var opening = in(LifetimePhase.Opening.class, "an opened log");
        if (wal.term() != opening.term() || !wal.pchannel().equals(pchannel)) {
            var failure = LifetimeErrors.notWhatWasAsked(pchannel, opening.term(), wal.pchannel(), wal.term());
            return enter(opening.toClosing(wal, Optional.of(failure)), new Action.CloseWal(wal));
        }
        if (!isWanted(opening.term())) {
            return enter(opening.toClosing(wal, Optional.empty()), new Action.CloseWal(wal));
        }
        return enter(opening.toRegistering(wal), new Action.Register(wal));
    }

    /** The opener has failed and released everything. */
    Decision onOpenFailed(WalException failure) {
        var opening = in(LifetimePhase.Opening.class, "a failed opening");
        // An opening that was asked to stop has no failure to report.
        var cause = isWanted(opening.term()) ? Optional.of(failure) : Optional.<WalException>empty();
        return with(opening.toDown(cause)).advance(List.of());
    }

    /** The flusher has registered the log. */
    Decision onRegistered() {
        var registering = in(LifetimePhase.Registering.class, "a registered log");
        if (registering.ended().isPresent() || !isWanted(registering.wal().term())) {
            var next = registering.toUnregistering(registering.ended());
            return enter(next, new Action.Unregister(next.wal()));
        }
        return with(registering.toUp()).advance(List.of());
    }

    /**
     * The flusher rejected the log, or did not return in time.
     *
     * @param mayBeRegistered whether the log must be unregistered anyway
     */
    Decision onRegisterFailed(WalException failure, boolean mayBeRegistered) {
        var registering = in(LifetimePhase.Registering.class, "a failed registration");
        if (mayBeRegistered) {
            return enter(registering.toUnregistering(Optional.of(failure)), new Action.Unregister(registering.wal()));
        }
        return enter(registering.toClosing(failure), new Action.CloseWal(registering.wal()));
    }

    /** The log ended by itself. Ignored for a log that is being closed or is gone. */
    Decision onEnded(FlushableWal wal, WalException reason) {
        if (phase instanceof LifetimePhase.Up up && up.wal() == wal) {
            return enter(up.toUnregistering(Optional.of(reason)), new Action.Unregister(wal));
        }
        if (phase instanceof LifetimePhase.Registering registering && registering.wal() == wal) {
            return new Decision(with(registering.toEnded(reason)), List.of());
        }
        return new Decision(this, List.of());
    }

    /** The flusher has unregistered the log, or unregistering was given up. */
    Decision onUnregistered() {
        var next = in(LifetimePhase.Unregistering.class, "an unregistered log").toClosing();
        return enter(next, new Action.CloseWal(next.wal()));
    }

    /** The log is closed, or closing was given up. */
    Decision onClosed() {
        return with(in(LifetimePhase.Closing.class, "a closed log").toDown()).advance(List.of());
    }

    /** Continues from a phase that may rest: takes the next step towards the expected state, or answers its waiters. */
    private Decision advance(List<Action> before) {
        var actions = new ArrayList<>(before);
        return switch (phase.step()) {
            case DOWN -> advanceDown((LifetimePhase.Down) phase, actions);
            case AVAILABLE -> advanceUp((LifetimePhase.Up) phase, actions);
            case OPENING -> {
                if (!isWanted(((LifetimePhase.Opening) phase).term())) {
                    actions.add(new Action.CancelOpen());
                }
                yield new Decision(this, actions);
            }
            case REGISTERING, UNREGISTERING, CLOSING -> new Decision(this, actions);
        };
    }

    private Decision advanceDown(LifetimePhase.Down down, List<Action> actions) {
        if (closing) {
            return new Decision(this, actions);
        }
        if (!expected.available()) {
            // A failure is kept only as long as the expectation that failed.
            return with(down.toDown(expected.term())).answered(actions, Optional.empty());
        }
        if (!down.current().isBefore(expected)) {
            return answered(actions, down.cause());
        }
        actions.add(new Action.StartOpen(expected.term()));
        return new Decision(with(down.toOpening(expected.term())), actions);
    }

    private Decision advanceUp(LifetimePhase.Up up, List<Action> actions) {
        if (isWanted(up.wal().term())) {
            return answered(actions, Optional.empty());
        }
        actions.add(new Action.Unregister(up.wal()));
        return new Decision(with(up.toUnregistering(Optional.empty())), actions);
    }

    private Decision answered(List<Action> actions, Optional<WalException> error) {
        actions.addAll(answerAll(waiter -> error));
        return new Decision(withWaiters(List.of()), actions);
    }

    /** Adds the caller to those that wait for the step in progress, or answers it if the state is reached. */
    private Decision join(Waiter waiter) {
        if (phase instanceof LifetimePhase.Up) {
            return new Decision(this, List.of(new Action.Answer(waiter, Optional.empty())));
        }
        if (waiters.size() >= MOST_WAITERS) {
            return refuse(waiter, LifetimeErrors.tooManyWaiters(pchannel, waiter.target(), MOST_WAITERS));
        }
        var more = new ArrayList<>(waiters);
        more.add(waiter);
        return new Decision(withWaiters(List.copyOf(more)), List.of());
    }

    private Decision refuse(Waiter waiter, WalException error) {
        return new Decision(this, List.of(new Action.Answer(waiter, Optional.of(error))));
    }

    private List<Action> answerAll(Function<Waiter, Optional<WalException>> error) {
        var actions = new ArrayList<Action>();
        for (var waiter : waiters) {
            actions.add(new Action.Answer(waiter, error.apply(waiter)));
        }
        return actions;
    }

    private boolean isWanted(long term) {
        return !closing && expected.equals(LifetimeState.availableAt(term));
    }

    /** Returns whether the expected term was reached and is over. */
    private boolean isSettledUnavailable() {
        return phase instanceof LifetimePhase.Down && !phase.current().isBefore(expected);
    }

    private Decision enter(LifetimePhase next, Action action) {
        return new Decision(with(next), List.of(action));
    }

    private Lifetime with(LifetimePhase next) {
        return new Lifetime(pchannel, expected, next, waiters, closing, termsSeen);
    }

    private Lifetime withWaiters(List<Waiter> next) {
        return new Lifetime(pchannel, expected, phase, next, closing, termsSeen);
    }

    private <P extends LifetimePhase> P in(Class<P> type, String event) {
        if (type.isInstance(phase)) {
            return type.cast(phase);
        }
        throw new IllegalStateException(pchannel + " got " + event + " while " + phase.step());
    }
}
