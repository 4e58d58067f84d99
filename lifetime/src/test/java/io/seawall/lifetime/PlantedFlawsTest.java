package io.seawall.lifetime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Shows that the walk finds flaws: known ones of the model of this lifetime, and some that are easily made. */
class PlantedFlawsTest {
    private static final int OPERATIONS = 5;

    @Test
    void seesAWaiterLeftAtClose() {
        finds("waits", new Rules() {
            @Override
            public Decision onShutdown(Lifetime lifetime) {
                var decision = lifetime.onShutdown();
                return new Decision(
                        with(decision.next(), lifetime.waiters()), without(decision, Action.Answer.class::isInstance));
            }
        });
    }

    @Test
    void seesASupersededOpenThatIsToldSuccess() {
        finds("success for", new Rules() {
            @Override
            public Decision onRequest(Lifetime lifetime, Waiter waiter) {
                return answers(
                        lifetime.onRequest(waiter),
                        answer -> answer.waiter() == waiter
                                ? answer
                                : new Action.Answer(answer.waiter(), Optional.empty()));
            }
        });
    }

    @Test
    void seesARemoveThatIsToldTheOpenersError() {
        finds("a remove fails with", new Rules() {
            @Override
            public Decision onRequest(Lifetime lifetime, Waiter waiter) {
                return answers(
                        lifetime.onRequest(waiter),
                        answer -> answer.error().isPresent()
                                ? answer
                                : new Action.Answer(
                                        answer.waiter(), lifetime.phase().cause()));
            }
        });
    }

    @Test
    void seesADuplicateOpenThatIsIgnored() {
        finds("does not share", new Rules() {
            @Override
            public Decision onRequest(Lifetime lifetime, Waiter waiter) {
                return lifetime.expected().equals(waiter.target()) && !lifetime.closing()
                        ? new Decision(lifetime, List.of(ignored(lifetime, waiter)))
                        : lifetime.onRequest(waiter);
            }
        });
    }

    @Test
    void seesACloseWithoutUnregister() {
        finds("still registered", new Rules() {
            @Override
            public Decision onShutdown(Lifetime lifetime) {
                if (!(lifetime.phase() instanceof LifetimePhase.Up up)) {
                    return lifetime.onShutdown();
                }
                var closing = up.toUnregistering(Optional.empty()).toClosing();
                return new Decision(
                        with(lifetime.onShutdown().next(), closing), List.of(new Action.CloseWal(up.wal())));
            }
        });
    }

    @Test
    void seesAnAnswerBeforeTheLogIsClosed() {
        finds("a failure is reported before", new Rules() {
            @Override
            public Decision onRegisterFailed(Lifetime lifetime, WalException failure, boolean mayBeRegistered) {
                var decision = lifetime.onRegisterFailed(failure, mayBeRegistered);
                var actions = new ArrayList<>(decision.actions());
                for (var waiter : lifetime.waiters()) {
                    actions.add(new Action.Answer(waiter, Optional.of(failure)));
                }
                return new Decision(with(decision.next(), List.of()), actions);
            }
        });
    }

    @Test
    void seesATermThatIsOpenedAgain() {
        finds("goes back", new Rules() {
            @Override
            public Decision onRequest(Lifetime lifetime, Waiter waiter) {
                var removed = LifetimeState.unavailableAt(waiter.target().term());
                return waiter.target().available() && lifetime.expected().equals(removed) && !lifetime.closing()
                        ? new Decision(expecting(lifetime, waiter), List.of())
                        : lifetime.onRequest(waiter);
            }
        });
    }

    @Test
    void seesALogThatEndedAndStaysOpen() {
        finds("has ended", new Rules() {
            @Override
            public Decision onEnded(Lifetime lifetime, FlushableWal wal, WalException reason) {
                return new Decision(lifetime, List.of());
            }
        });
    }

    @Test
    void seesTheNextTermOpenedBesideAnOpenLog() {
        finds("a second log", new Rules() {
            @Override
            public Decision onUnregistered(Lifetime lifetime) {
                return ((LifetimePhase.Unregistering) lifetime.phase())
                                        .toClosing()
                                        .toDown()
                                        .term()
                                < lifetime.expected().term()
                        ? with(lifetime, ((LifetimePhase.Unregistering) lifetime.phase()).toClosing())
                                .onClosed()
                        : lifetime.onUnregistered();
            }
        });
    }

    @Test
    void seesAnOvertakenOpeningThatIsPublished() {
        finds("at rest", new Rules() {
            @Override
            public Decision onRegistered(Lifetime lifetime) {
                var registering = (LifetimePhase.Registering) lifetime.phase();
                return lifetime.waiters().isEmpty() && registering.ended().isEmpty()
                        ? new Decision(with(lifetime, registering.toUp()), List.of())
                        : lifetime.onRegistered();
            }
        });
    }

    @Test
    void seesACloseThatLeavesTheLogOpen() {
        finds("at rest during the close", new Rules() {
            @Override
            public Decision onShutdown(Lifetime lifetime) {
                return lifetime.phase() instanceof LifetimePhase.Up up
                        ? new Decision(with(lifetime.onShutdown().next(), up), List.of())
                        : lifetime.onShutdown();
            }
        });
    }

    @Test
    void seesARemoveThatIsTakenDuringTheClose() {
        finds("a caller still waits", new Rules() {
            @Override
            public Decision onRequest(Lifetime lifetime, Waiter waiter) {
                return lifetime.closing()
                                && !waiter.target().available()
                                && lifetime.expected().isBefore(waiter.target())
                        ? new Decision(expecting(lifetime, waiter), List.of())
                        : lifetime.onRequest(waiter);
            }
        });
    }

    @Test
    void seesACloseThatWaitsForTheOpening() {
        finds("not asked to stop", new Rules() {
            @Override
            public Decision onShutdown(Lifetime lifetime) {
                return withoutCancel(lifetime.onShutdown());
            }
        });
    }

    @Test
    void seesAHigherTermThatWaitsForTheOpening() {
        finds("not asked to stop", new Rules() {
            @Override
            public Decision onRequest(Lifetime lifetime, Waiter waiter) {
                return withoutCancel(lifetime.onRequest(waiter));
            }
        });
    }

    @Test
    void seesACallerThatGivesUpAndStopsTheOpening() {
        finds("a wanted opening is cancelled", new Rules() {
            @Override
            public Decision onWaiterGone(Lifetime lifetime, Waiter waiter) {
                var next = lifetime.onWaiterGone(waiter).next();
                return new Decision(
                        next,
                        lifetime.phase() instanceof LifetimePhase.Opening
                                ? List.of(new Action.CancelOpen())
                                : List.of());
            }
        });
    }

    @Test
    void seesACallerThatGivesUpAndTakesTheIntentBack() {
        finds("expected goes back", new Rules() {
            @Override
            public Decision onWaiterGone(Lifetime lifetime, Waiter waiter) {
                var back = new Waiter(lifetime.phase().current());
                return new Decision(with(expecting(lifetime, back), List.of()), List.of());
            }
        });
    }

    @Test
    void seesALowerTermThatIsTaken() {
        finds("expected goes back", new Rules() {
            @Override
            public Decision onRequest(Lifetime lifetime, Waiter waiter) {
                return waiter.target().isBefore(lifetime.expected()) && lifetime.phase() instanceof LifetimePhase.Down
                        ? new Decision(
                                with(expecting(lifetime, waiter), List.of()),
                                List.of(new Action.Answer(waiter, Optional.empty())))
                        : lifetime.onRequest(waiter);
            }
        });
    }

    @Test
    void seesALogThatLeaksWhenItsRegistrationFails() {
        finds("before the log is closed", new Rules() {
            @Override
            public Decision onRegisterFailed(Lifetime lifetime, WalException failure, boolean mayBeRegistered) {
                var closing = ((LifetimePhase.Registering) lifetime.phase()).toClosing(failure);
                return with(lifetime, closing).onClosed();
            }
        });
    }

    @Test
    void seesAnOvertakenOpeningWhoseLogLeaks() {
        finds("before the log is closed", new Rules() {
            @Override
            public Decision onOpened(Lifetime lifetime, FlushableWal wal) {
                var decision = lifetime.onOpened(wal);
                return decision.next().phase() instanceof LifetimePhase.Closing
                        ? decision.next().onClosed()
                        : decision;
            }
        });
    }

    @Test
    void seesAFailedTermThatIsTriedAgain() {
        finds("a term is opened twice", new Rules() {
            @Override
            public Decision onOpenFailed(Lifetime lifetime, WalException failure) {
                return new Decision(
                        lifetime, List.of(new Action.StartOpen(((LifetimePhase.Opening) lifetime.phase()).term())));
            }
        });
    }

    @Test
    void seesAnEndedLogThatIsClosedUnderTheFlusher() {
        finds("still registered", new Rules() {
            @Override
            public Decision onEnded(Lifetime lifetime, FlushableWal wal, WalException reason) {
                if (!(lifetime.phase() instanceof LifetimePhase.Up up) || up.wal() != wal) {
                    return lifetime.onEnded(wal, reason);
                }
                var closing = up.toUnregistering(Optional.of(reason)).toClosing();
                return new Decision(with(lifetime, closing), List.of(new Action.CloseWal(wal)));
            }
        });
    }

    @Test
    void seesNewsOfALogThatIsGoneActedUpon() {
        finds("unregistered that is not", new Rules() {
            @Override
            public Decision onEnded(Lifetime lifetime, FlushableWal wal, WalException reason) {
                return lifetime.phase() instanceof LifetimePhase.Up up
                        ? lifetime.onEnded(up.wal(), reason)
                        : new Decision(lifetime, List.of(new Action.Unregister(wal)));
            }
        });
    }

    @Test
    void seesAnAnswerGivenTwice() {
        finds("answered twice", new Rules() {
            @Override
            public Decision onRegistered(Lifetime lifetime) {
                var decision = lifetime.onRegistered();
                var actions = new ArrayList<>(decision.actions());
                actions.addAll(decision.actions());
                return new Decision(decision.next(), actions);
            }
        });
    }

    @Test
    void seesALogOfAnotherTermThatIsRegistered() {
        finds("of another term", new Rules() {
            @Override
            public Decision onOpened(Lifetime lifetime, FlushableWal wal) {
                return wal.term() == ((LifetimePhase.Opening) lifetime.phase()).term()
                        ? lifetime.onOpened(wal)
                        : new Decision(
                                with(lifetime, ((LifetimePhase.Opening) lifetime.phase()).toRegistering(wal)),
                                List.of(new Action.Register(wal)));
            }
        });
    }

    private static void finds(String broken, Rules flawed) {
        assertThatThrownBy(() -> new LifetimeWalk(flawed).walk(OPERATIONS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(broken)
                .hasMessageContaining("after: start");
    }

    private static Action ignored(Lifetime lifetime, Waiter waiter) {
        var error = LifetimeErrors.ignored(lifetime.pchannel(), waiter.target(), lifetime.expected());
        return new Action.Answer(waiter, Optional.of(error));
    }

    private static Decision answers(Decision decision, UnaryOperator<Action.Answer> change) {
        var actions = decision.actions().stream()
                .map(action -> action instanceof Action.Answer answer ? change.apply(answer) : action)
                .toList();
        return new Decision(decision.next(), actions);
    }

    private static Decision withoutCancel(Decision decision) {
        return new Decision(decision.next(), without(decision, Action.CancelOpen.class::isInstance));
    }

    private static List<Action> without(Decision decision, Predicate<Action> unwanted) {
        return decision.actions().stream().filter(unwanted.negate()).toList();
    }

    private static Lifetime with(Lifetime lifetime, List<Waiter> waiters) {
        return new Lifetime(
                lifetime.pchannel(),
                lifetime.expected(),
                lifetime.phase(),
                waiters,
                lifetime.closing(),
                lifetime.termsSeen());
    }

    private static Lifetime with(Lifetime lifetime, LifetimePhase phase) {
        return new Lifetime(
                lifetime.pchannel(),
                lifetime.expected(),
                phase,
                lifetime.waiters(),
                lifetime.closing(),
                lifetime.termsSeen());
    }

    private static Lifetime expecting(Lifetime lifetime, Waiter waiter) {
        return new Lifetime(
                lifetime.pchannel(),
                waiter.target(),
                lifetime.phase(),
                List.of(waiter),
                lifetime.closing(),
                lifetime.termsSeen());
    }
}
