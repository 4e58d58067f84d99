package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One pchannel and its surroundings at one moment: what is open and registered, which step is in progress, who waits.
 * {@link #after} performs a decision and checks it; a broken rule is an {@link AssertionError}.
 *
 * @param lifetime the core's value
 * @param step the step in progress
 * @param stopping whether the opening in progress was asked to stop
 * @param log the log that is open
 * @param lastOpened the highest term that the opener was asked for
 * @param pending the callers without an answer
 * @param left how many operations may still come
 */
record World(
        Lifetime lifetime,
        Optional<Action> step,
        boolean stopping,
        Optional<OpenLog> log,
        long lastOpened,
        List<Waiter> pending,
        int left) {
    /**
     * A log and its history.
     *
     * @param wal the log
     * @param registered whether the flusher has registered it, or may have
     * @param ended whether it ended by itself
     */
    record OpenLog(FlushableWal wal, boolean registered, boolean ended) {
        OpenLog registered(boolean value) {
            return new OpenLog(wal, value, ended);
        }
    }

    static World start(PChannel pchannel, int operations) {
        return new World(
                Lifetime.initial(pchannel), Optional.empty(), false, Optional.empty(), -1, List.of(), operations);
    }

    /** Two worlds with the same text have the same future. */
    String key() {
        var targets = lifetime.waiters().stream()
                .map(waiter -> waiter.target().toString())
                .collect(Collectors.joining());
        return String.join(
                "|",
                lifetime.expected().toString(),
                lifetime.phase().toString(),
                targets,
                Boolean.toString(lifetime.closing()),
                log.toString(),
                Boolean.toString(stopping),
                Long.toString(lastOpened),
                Integer.toString(left));
    }

    World oneOperationLess() {
        return new World(lifetime, step, stopping, log, lastOpened, pending, left - 1);
    }

    World with(Waiter waiter) {
        var more = new ArrayList<>(pending);
        more.add(waiter);
        return new World(lifetime, step, stopping, log, lastOpened, more, left);
    }

    World without(Waiter waiter) {
        var rest = pending.stream().filter(other -> other != waiter).toList();
        return new World(lifetime, step, stopping, log, lastOpened, rest, left);
    }

    /** The step in progress has ended and leaves this log. */
    World stepEnded(Optional<OpenLog> now) {
        return new World(lifetime, Optional.empty(), false, now, lastOpened, pending, left);
    }

    World logEnded() {
        var ended = log.map(open -> new OpenLog(open.wal(), open.registered(), true));
        return new World(lifetime, step, stopping, ended, lastOpened, pending, left);
    }

    World after(Decision decision) {
        var next = decision.next();
        checkForward(lifetime.expected(), next.expected(), "expected");
        checkForward(lifetime.phase().current(), next.phase().current(), "current");
        check(!lifetime.closing() || next.closing(), "the close is taken back");
        var world = new World(next, step, stopping, log, lastOpened, pending, left);
        for (var action : decision.actions()) {
            world = world.performed(action, lifetime.expected());
        }
        world.checkRest();
        return world;
    }

    private World performed(Action action, LifetimeState expectedBefore) {
        if (action instanceof Action.Answer answer) {
            checkAnswer(answer, expectedBefore);
            return without(answer.waiter());
        }
        if (action instanceof Action.CancelOpen) {
            check(step.isPresent() && step.get() instanceof Action.StartOpen, "cancel without an opening");
            check(!isWanted(), "a wanted opening is cancelled");
            return new World(lifetime, step, true, log, lastOpened, pending, left);
        }
        check(step.isEmpty(), "two steps at a time");
        var opened = lastOpened;
        if (action instanceof Action.StartOpen start) {
            check(log.isEmpty(), "a second log is opened");
            check(start.term() > lastOpened, "a term is opened twice");
            check(!lifetime.closing(), "a log is opened during the close");
            opened = start.term();
        } else if (action instanceof Action.Register register) {
            check(isOpen(register.wal(), false), "a log is registered that is not open, or is registered already");
            check(register.wal().term() == lastOpened, "a log is registered that is of another term");
        } else if (action instanceof Action.Unregister unregister) {
            check(isOpen(unregister.wal(), true), "a log is unregistered that is not registered");
        } else if (action instanceof Action.CloseWal close) {
            check(isOpen(close.wal(), false), "a log is closed that is still registered, or not open");
        }
        return new World(lifetime, Optional.of(action), false, log, opened, pending, left);
    }

    private void checkAnswer(Action.Answer answer, LifetimeState expectedBefore) {
        var target = answer.waiter().target();
        var code = answer.error().map(WalException::code);
        check(pending.contains(answer.waiter()), "a caller is answered twice, or after it left");
        if (code.isEmpty()) {
            var reached = target.available()
                    ? lifetime.phase() instanceof LifetimePhase.Up up
                            && up.wal().term() == target.term()
                    : log.isEmpty() && step.isEmpty();
            check(reached && lifetime.expected().equals(target), "success for " + target + " that is not reached");
        } else if (code.get() == ErrorCode.SUPERSEDED) {
            check(target.isBefore(lifetime.expected()), "superseded by nothing");
        } else if (code.get() == ErrorCode.IGNORED) {
            check(!expectedBefore.isBefore(target), "a step forward is ignored");
            var shared = target.available()
                    && target.equals(expectedBefore)
                    && !(lifetime.phase() instanceof LifetimePhase.Down);
            check(!shared, "a duplicate open does not share");
        } else if (code.get() == ErrorCode.SHUTTING_DOWN) {
            check(lifetime.closing(), "shutting down without a close");
        } else {
            check(target.available(), "a remove fails with an opener's error");
            check(log.isEmpty() && step.isEmpty(), "a failure is reported before the log is closed");
            check(
                    lifetime.phase().current().equals(LifetimeState.unavailableAt(target.term())),
                    "failed, but not down");
        }
    }

    private void checkRest() {
        check(pending.size() == lifetime.waiters().size() && pending.containsAll(lifetime.waiters()), "waiters differ");
        switch (lifetime.phase().step()) {
            case DOWN -> {
                check(log.isEmpty(), "down, but a log is open");
                check(step.isEmpty(), "down, but a step is in progress");
                check(pending.isEmpty(), "at rest, but a caller still waits");
                var current = lifetime.phase().current();
                check(
                        lifetime.closing() || current.equals(lifetime.expected()) || failed(),
                        "at rest, but not in the expected state");
            }
            case AVAILABLE -> {
                check(
                        step.isEmpty() && log.isPresent() && log.get().registered(),
                        "available without a registered log");
                check(pending.isEmpty(), "at rest, but a caller still waits");
                check(!log.orElseThrow().ended(), "at rest with a log that has ended");
                check(!lifetime.closing(), "at rest during the close, but a log is open");
                check(lifetime.phase().current().equals(lifetime.expected()), "at rest, but not in the expected state");
            }
            case OPENING -> {
                check(step.isPresent(), "nothing will end this phase");
                check(stopping || isWanted(), "an opening that nobody wants is not asked to stop");
            }
            case REGISTERING, UNREGISTERING, CLOSING -> check(step.isPresent(), "nothing will end this phase");
        }
    }

    /** Returns whether the expected term was reached and is over, with a reason. */
    boolean failed() {
        return lifetime.phase().cause().isPresent()
                && lifetime.phase()
                        .current()
                        .equals(LifetimeState.unavailableAt(lifetime.expected().term()));
    }

    /** Returns whether the opening in progress leads to the expected state. */
    private boolean isWanted() {
        return !lifetime.closing()
                && lifetime.phase() instanceof LifetimePhase.Opening opening
                && lifetime.expected().equals(LifetimeState.availableAt(opening.term()));
    }

    private boolean isOpen(FlushableWal wal, boolean registered) {
        return log.isPresent() && log.get().wal() == wal && log.get().registered() == registered;
    }

    private static void checkForward(LifetimeState from, LifetimeState to, String which) {
        check(from.equals(to) || from.isBefore(to), which + " goes back from " + from + " to " + to);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
