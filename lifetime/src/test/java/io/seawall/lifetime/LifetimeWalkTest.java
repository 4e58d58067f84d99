package io.seawall.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every order of up to five operations and of everything that they set off, and proof that the walk sees flaws. */
class LifetimeWalkTest {
    private static final int OPERATIONS = 5;

    @Test
    void noOrderOfFiveOperationsBreaksARule() {
        var size = new LifetimeWalk(new Rules() {}).walk(OPERATIONS);

        System.out.printf("walked %d states over %d transitions%n", size.states(), size.transitions());
        assertThat(size.states()).isGreaterThan(1_000);
    }

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
        finds("a remove is told", new Rules() {
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
                if (!(lifetime.phase() instanceof Phase.Up up)) {
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
        finds("a failure is told before", new Rules() {
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
            public Decision onEnded(Lifetime lifetime, Wal wal, WalException reason) {
                return new Decision(lifetime, List.of());
            }
        });
    }

    @Test
    void seesTheNextTermOpenedBesideAnOpenLog() {
        finds("a second log", new Rules() {
            @Override
            public Decision onUnregistered(Lifetime lifetime) {
                return ((Phase.Unregistering) lifetime.phase())
                                        .toClosing()
                                        .toDown()
                                        .term()
                                < lifetime.expected().term()
                        ? with(lifetime, ((Phase.Unregistering) lifetime.phase()).toClosing())
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
                var registering = (Phase.Registering) lifetime.phase();
                return lifetime.waiters().isEmpty() && registering.ended().isEmpty()
                        ? new Decision(with(lifetime, registering.toUp()), List.of())
                        : lifetime.onRegistered();
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
        var error = Refusals.ignored(lifetime.pchannel(), waiter.target(), lifetime.expected());
        return new Action.Answer(waiter, Optional.of(error));
    }

    private static Decision answers(Decision decision, UnaryOperator<Action.Answer> change) {
        var actions = decision.actions().stream()
                .map(action -> action instanceof Action.Answer answer ? change.apply(answer) : action)
                .toList();
        return new Decision(decision.next(), actions);
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

    private static Lifetime with(Lifetime lifetime, Phase phase) {
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
                lifetime.pchannel(), waiter.target(), lifetime.phase(), List.of(waiter), false, lifetime.termsSeen());
    }
}
