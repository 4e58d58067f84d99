package io.seawall.lifetime;

import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rules of one pchannel's life as a value: an event goes in, the next value and the actions to take come out. No threads,
 * no time, no I/O: docs/protocol.md#lifetime.
 *
 * <p>At most one action of {@link Action.StartOpen}, {@link Action.Register}, {@link Action.Unregister} and
 * {@link Action.CloseWal} is under way at any time: each is asked for on entering a phase, and only its end leaves the phase.
 * So operations are serialized, a log is unregistered before it closes, and it is closed before the next one opens. Whatever
 * is asked for meanwhile moves only {@code expected}; when the phase ends, the latest expectation alone is worked on.
 *
 * <p>An opening that was overtaken is asked to stop. If it succeeds all the same, its log is closed without having been
 * registered or handed out, and its term counts as used: the current state becomes (term, unavailable).
 *
 * @param pchannel the log
 * @param expected the state asked for last; only moves forward
 * @param phase where it stands; its current state only moves forward
 * @param waiters who waits for {@code expected}, at most {@value #MOST_WAITERS}
 * @param closing whether the manager closes; then nothing is accepted and nothing opens any more
 * @param termsSeen how many terms were expected so far
 */
record Lifetime(
        PChannel pchannel, LifetimeState expected, Phase phase, List<Waiter> waiters, boolean closing, long termsSeen) {
    /** Far above what a coordinator and a few operators cause; a caller that asks in a loop is told to stop. */
    static final int MOST_WAITERS = 1_000;

    static Lifetime initial(PChannel pchannel) {
        var down = new Phase.Down(LifetimeState.INITIAL.term(), Optional.empty());
        return new Lifetime(pchannel, LifetimeState.INITIAL, down, List.of(), false, 0);
    }

    /** Whether the manager's close has reached this pchannel: nothing is open, nothing is under way, and nothing will be. */
    boolean isTerminated() {
        return closing && phase instanceof Phase.Down;
    }

    /** Somebody wants the waiter's target state. */
    Decision onRequest(Waiter waiter) {
        var target = waiter.target();
        if (closing) {
            return refuse(waiter, Refusals.shuttingDown(pchannel, target));
        }
        if (target.available() && target.equals(expected) && !isSettledUnavailable()) {
            return join(waiter);
        }
        if (!expected.isBefore(target)) {
            return refuse(waiter, Refusals.ignored(pchannel, target, expected));
        }
        var actions = answerAll(overtaken -> Optional.of(Refusals.superseded(pchannel, overtaken.target(), target)));
        var terms = target.term() == expected.term() ? termsSeen : termsSeen + 1;
        return new Lifetime(pchannel, target, phase, List.of(waiter), false, terms).advance(actions);
    }

    /** A caller no longer waits; what it asked for stands. */
    Decision onWaiterGone(Waiter waiter) {
        var rest = waiters.stream().filter(other -> other != waiter).toList();
        return new Decision(withWaiters(rest), List.of());
    }

    /** The manager closes. */
    Decision onShutdown() {
        if (closing) {
            return new Decision(this, List.of());
        }
        var actions = answerAll(waiter -> Optional.of(Refusals.shuttingDown(pchannel, waiter.target())));
        return new Lifetime(pchannel, expected, phase, List.of(), true, termsSeen).advance(actions);
    }

    /** The opener is done. */
    Decision onOpened(Wal wal) {
        var opening = in(Phase.Opening.class, "an opened log");
        if (wal.term() != opening.term() || !wal.pchannel().equals(pchannel)) {
            var failure = Refusals.notWhatWasAsked(pchannel, opening.term(), wal.pchannel(), wal.term());
            return enter(opening.toClosing(wal, Optional.of(failure)), new Action.CloseWal(wal));
        }
        if (!isWanted(opening.term())) {
            return enter(opening.toClosing(wal, Optional.empty()), new Action.CloseWal(wal));
        }
        return enter(opening.toRegistering(wal), new Action.Register(wal));
    }

    /** The opener gave up, having released everything. */
    Decision onOpenFailed(WalException failure) {
        var opening = in(Phase.Opening.class, "a failed opening");
        // One that was told to stop did as it was told.
        var cause = isWanted(opening.term()) ? Optional.of(failure) : Optional.<WalException>empty();
        return with(opening.toDown(cause)).advance(List.of());
    }

    /** The flusher knows the log. */
    Decision onRegistered() {
        var registering = in(Phase.Registering.class, "a registered log");
        if (registering.ended().isPresent() || !isWanted(registering.wal().term())) {
            var next = registering.toUnregistering(registering.ended());
            return enter(next, new Action.Unregister(next.wal()));
        }
        return with(registering.toUp()).advance(List.of());
    }

    /**
     * The flusher refused, or gave no answer in time.
     *
     * @param mayBeRegistered whether it must be told to let go all the same
     */
    Decision onRegisterFailed(WalException failure, boolean mayBeRegistered) {
        var registering = in(Phase.Registering.class, "a failed registration");
        if (mayBeRegistered) {
            return enter(registering.toUnregistering(Optional.of(failure)), new Action.Unregister(registering.wal()));
        }
        return enter(registering.toClosing(failure), new Action.CloseWal(registering.wal()));
    }

    /** The log ended by itself. News of a log that is being closed, or is gone, changes nothing. */
    Decision onEnded(Wal wal, WalException reason) {
        if (phase instanceof Phase.Up up && up.wal() == wal) {
            return enter(up.toUnregistering(Optional.of(reason)), new Action.Unregister(wal));
        }
        if (phase instanceof Phase.Registering registering && registering.wal() == wal) {
            return new Decision(with(registering.toEnded(reason)), List.of());
        }
        return new Decision(this, List.of());
    }

    /** The flusher let go, or was given up. */
    Decision onUnregistered() {
        var next = in(Phase.Unregistering.class, "an unregistered log").toClosing();
        return enter(next, new Action.CloseWal(next.wal()));
    }

    /** The log is closed, or its close was given up. */
    Decision onClosed() {
        return with(in(Phase.Closing.class, "a closed log").toDown()).advance(List.of());
    }

    /** Goes on from a phase that may rest: does the next step towards the expected state, or answers those who wait for it. */
    private Decision advance(List<Action> before) {
        var actions = new ArrayList<>(before);
        return switch (phase.step()) {
            case DOWN -> advanceDown((Phase.Down) phase, actions);
            case AVAILABLE -> advanceUp((Phase.Up) phase, actions);
            case OPENING -> {
                if (!isWanted(((Phase.Opening) phase).term())) {
                    actions.add(new Action.CancelOpen());
                }
                yield new Decision(this, actions);
            }
            case REGISTERING, UNREGISTERING, CLOSING -> new Decision(this, actions);
        };
    }

    private Decision advanceDown(Phase.Down down, List<Action> actions) {
        if (closing) {
            return new Decision(this, actions);
        }
        if (!expected.available()) {
            // A failure is over with the expectation that it failed.
            return with(down.toDown(expected.term())).answered(actions, Optional.empty());
        }
        if (!down.current().isBefore(expected)) {
            return answered(actions, down.cause());
        }
        actions.add(new Action.StartOpen(expected.term()));
        return new Decision(with(down.toOpening(expected.term())), actions);
    }

    private Decision advanceUp(Phase.Up up, List<Action> actions) {
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

    /** Lets the caller share the result of what is under way, or of what is there. */
    private Decision join(Waiter waiter) {
        if (phase instanceof Phase.Up) {
            return new Decision(this, List.of(new Action.Answer(waiter, Optional.empty())));
        }
        if (waiters.size() >= MOST_WAITERS) {
            return refuse(waiter, Refusals.tooManyWaiters(pchannel, waiter.target(), MOST_WAITERS));
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

    /** Whether the expected term has come and gone. */
    private boolean isSettledUnavailable() {
        return phase instanceof Phase.Down && !phase.current().isBefore(expected);
    }

    private Decision enter(Phase next, Action action) {
        return new Decision(with(next), List.of(action));
    }

    private Lifetime with(Phase next) {
        return new Lifetime(pchannel, expected, next, waiters, closing, termsSeen);
    }

    private Lifetime withWaiters(List<Waiter> next) {
        return new Lifetime(pchannel, expected, phase, next, closing, termsSeen);
    }

    private <P extends Phase> P in(Class<P> type, String event) {
        if (type.isInstance(phase)) {
            return type.cast(phase);
        }
        throw new IllegalStateException(pchannel + " got " + event + " while " + phase.step());
    }
}
