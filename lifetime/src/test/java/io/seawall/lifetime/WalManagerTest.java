package io.seawall.lifetime;

import static io.seawall.lifetime.LifetimeState.availableAt;
import static io.seawall.lifetime.LifetimeState.unavailableAt;
import static io.seawall.lifetime.Waits.BOUND;
import static io.seawall.lifetime.Waits.fails;
import static io.seawall.lifetime.Waits.failsWith;
import static io.seawall.lifetime.Waits.succeeds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.WalException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of docs/protocol.md#lifetime, except close. */
class WalManagerTest extends ManagerFixture {
    @Test
    void knowsNothingAtTheStart() {
        var error = catchThrowableOfType(OwnershipException.class, () -> manager.get(ORDERS));

        assertThat(error.code()).isEqualTo(ErrorCode.NOT_OWNER);
        assertThat(manager.statuses()).isEmpty();
        assertThat(manager.status(ORDERS)).isEmpty();
    }

    @Test
    void opensRegistersAndHandsOut() throws Exception {
        succeeds(manager.open(ORDERS, 2));

        assertThat(manager.get(ORDERS).term()).isEqualTo(2);
        assertThat(manager.get(ORDERS, 2).pchannel()).isEqualTo(ORDERS);
        assertThat(journal.of("orders-0")).containsExactly("open 2", "register 2");
        assertThat(status(ORDERS).converged()).isTrue();
        assertThat(status(ORDERS).cause()).isNull();
        assertThat(status(ORDERS).termsSeen()).isEqualTo(1);
    }

    @Test
    void opensAtTermZero() throws Exception {
        succeeds(manager.open(ORDERS, 0));
        assertThat(manager.get(ORDERS, 0).term()).isZero();
    }

    @Test
    void refusesANegativeTerm() throws Exception {
        failsWith(ErrorCode.INVALID, manager.open(ORDERS, -1));
        failsWith(ErrorCode.INVALID, manager.remove(ORDERS, -1));
        assertThat(manager.statuses()).isEmpty();
    }

    @Test
    void unregistersThenClosesOnRemove() throws Exception {
        succeeds(manager.open(ORDERS, 2));

        succeeds(manager.remove(ORDERS, 2));

        assertThat(journal.of("orders-0")).containsExactly("open 2", "register 2", "unregister 2", "close 2");
        assertThat(status(ORDERS).current()).isEqualTo(unavailableAt(2));
        assertThat(catchThrowableOfType(OwnershipException.class, () -> manager.get(ORDERS))
                        .code())
                .isEqualTo(ErrorCode.NOT_OWNER);
    }

    @Test
    void ignoresRemoveOfALowerTerm() throws Exception {
        succeeds(manager.open(ORDERS, 2));

        var error = failsWith(ErrorCode.IGNORED, manager.remove(ORDERS, 1));

        assertThat(error.problem().numbers()).containsEntry("expectedTerm", 2L);
        assertThat(error).hasMessageContaining("open at term 2");
        assertThat(manager.get(ORDERS, 2).term()).isEqualTo(2);
    }

    @Test
    void ignoresOpenOfALowerTermAndOfARemovedOne() throws Exception {
        succeeds(manager.open(ORDERS, 2));
        succeeds(manager.remove(ORDERS, 2));

        failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 1));
        var error = failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 2));

        assertThat(error).hasMessageContaining("closed at term 2");
        assertThat(journal.of("orders-0")).containsOnlyOnce("open 2").doesNotContain("open 1");
    }

    @Test
    void refusesAtOnceEvenWhileAnotherStepHangs() throws Exception {
        opener.hold(ORDERS);
        var opening = manager.open(ORDERS, 5);

        var refused = manager.open(ORDERS, 4);

        assertThat(refused).isCompletedExceptionally();
        assertThat(opening).isNotDone();
    }

    @Test
    void closesTheOldTermBeforeItOpensTheNewOne() throws Exception {
        succeeds(manager.open(ORDERS, 5));

        succeeds(manager.open(ORDERS, 10));

        assertThat(journal.of("orders-0"))
                .containsExactly("open 5", "register 5", "unregister 5", "close 5", "open 10", "register 10");
        await().atMost(BOUND)
                .untilAsserted(() ->
                        assertThat(told(ORDERS)).containsExactly(availableAt(5), unavailableAt(5), availableAt(10)));
    }

    @Test
    void opensAnAvailableTermAgainWithoutDoingAnything() throws Exception {
        succeeds(manager.open(ORDERS, 2));

        succeeds(manager.open(ORDERS, 2));

        assertThat(journal.of("orders-0")).containsExactly("open 2", "register 2");
    }

    @Test
    void sharesTheOpeningUnderWayWithADuplicate() throws Exception {
        opener.hold(ORDERS);
        var first = manager.open(ORDERS, 2);
        var second = manager.open(ORDERS, 2);
        assertThat(first).isNotSameAs(second);

        opener.succeed(ORDERS, 2);

        succeeds(first);
        succeeds(second);
        assertThat(journal.of("orders-0")).containsExactly("open 2", "register 2");
    }

    @Test
    void sharesAFailureWithADuplicate() throws Exception {
        opener.hold(ORDERS);
        var first = manager.open(ORDERS, 2);
        var second = manager.open(ORDERS, 2);
        var failure = Errors.expired();

        opener.fail(ORDERS, 2, failure);

        assertThat(fails(first)).isSameAs(failure);
        assertThat(fails(second)).isSameAs(failure);
    }

    @Test
    void failedOpeningGivesItsErrorAndBurnsTheTerm() throws Exception {
        var failure = Errors.unavailable("no broker");
        opener.failWith(failure);

        assertThat(fails(manager.open(ORDERS, 3))).isSameAs(failure);

        assertThat(status(ORDERS).current()).isEqualTo(unavailableAt(3));
        assertThat(status(ORDERS).cause()).isSameAs(failure);
        assertThatThrownBy(() -> manager.get(ORDERS))
                .as("callers of append get the cause")
                .hasMessageContaining("UNAVAILABLE: " + failure.getMessage());
        opener.failWith(null);
        failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 3));
        succeeds(manager.open(ORDERS, 4));
        assertThat(status(ORDERS).cause()).isNull();
    }

    @Test
    void openerThatThrowsOrFailsStrangelyGivesInternal() throws Exception {
        opener.throwing(new IllegalStateException("bug"));
        assertThat(failsWith(ErrorCode.INTERNAL, manager.open(ORDERS, 1))).hasMessageContaining("bug");

        opener.throwing(null);
        opener.failWith(new CompletionException(new TimeoutException("wrapped")));
        assertThat(failsWith(ErrorCode.INTERNAL, manager.open(ORDERS, 2))).hasMessageContaining("wrapped");
    }

    @Test
    void closesALogOfAnotherTermThanAsked() throws Exception {
        opener.termOffset(1);

        var error = failsWith(ErrorCode.INTERNAL, manager.open(ORDERS, 3));

        assertThat(error).hasMessageContaining("term 4");
        assertThat(journal.of("orders-0")).containsExactly("open 3", "close 4");
        assertThat(status(ORDERS).current()).isEqualTo(unavailableAt(3));
    }

    @Test
    void failedRegistrationClosesTheLogFirstThenAnswers() throws Exception {
        flusher.registerFails(new IllegalStateException("no spool"));
        var closedWhenTold = new AtomicBoolean();
        var opening = manager.open(ORDERS, 3);
        var answered = opening.handle((done, error) ->
                closedWhenTold.compareAndSet(false, journal.of("orders-0").contains("close 3")));

        failsWith(ErrorCode.INTERNAL, opening);

        answered.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(closedWhenTold).isTrue();
        assertThat(journal.of("orders-0")).containsExactly("open 3", "register 3", "close 3");
        assertThat(status(ORDERS).current()).isEqualTo(unavailableAt(3));
        assertThat(status(ORDERS).cause()).hasMessageContaining("no spool");
    }

    @Test
    void overtakenByAHigherTermIsSupersededAndTheHigherOneOpens() throws Exception {
        opener.hold(ORDERS);
        var first = manager.open(ORDERS, 1);
        opener.awaitStarted(ORDERS, 1);
        opener.release(ORDERS);

        var second = manager.open(ORDERS, 2);

        failsWith(ErrorCode.SUPERSEDED, first);
        succeeds(second);
        assertThat(journal.of("orders-0")).containsExactly("open 1", "cancel 1", "open 2", "register 2");
    }

    @Test
    void overtakenByRemoveOfTheSameTermIsSupersededAndRemoveSucceeds() throws Exception {
        opener.hold(ORDERS);
        var open = manager.open(ORDERS, 1);
        opener.awaitStarted(ORDERS, 1);

        var remove = manager.remove(ORDERS, 1);

        failsWith(ErrorCode.SUPERSEDED, open);
        succeeds(remove);
        assertThat(status(ORDERS).current()).isEqualTo(unavailableAt(1));
    }

    @Test
    void removeIsSupersededByAHigherOpen() throws Exception {
        opener.hold(ORDERS);
        opener.ignoreCancel();
        var open = manager.open(ORDERS, 1);
        opener.awaitStarted(ORDERS, 1);
        var remove = manager.remove(ORDERS, 1);
        opener.release(ORDERS);

        var next = manager.open(ORDERS, 2);
        opener.succeed(ORDERS, 1);

        failsWith(ErrorCode.SUPERSEDED, open);
        failsWith(ErrorCode.SUPERSEDED, remove);
        succeeds(next);
    }

    @Test
    void logThatCameTooLateIsClosedAndNeverHandedOut() throws Exception {
        opener.hold(ORDERS);
        opener.ignoreCancel();
        var first = manager.open(ORDERS, 1);
        opener.awaitStarted(ORDERS, 1);
        opener.release(ORDERS);
        var second = manager.open(ORDERS, 2);

        opener.succeed(ORDERS, 1);

        failsWith(ErrorCode.SUPERSEDED, first);
        succeeds(second);
        assertThat(journal.of("orders-0")).containsExactly("open 1", "cancel 1", "close 1", "open 2", "register 2");
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(told(ORDERS)).containsExactly(unavailableAt(1), availableAt(2)));
    }

    @Test
    void worksOnTheLatestExpectationOnly() throws Exception {
        opener.hold(ORDERS);
        opener.ignoreCancel();
        var first = manager.open(ORDERS, 2);
        opener.awaitStarted(ORDERS, 2);
        opener.release(ORDERS);
        var second = manager.open(ORDERS, 3);
        var third = manager.open(ORDERS, 4);

        opener.fail(ORDERS, 2, Errors.unavailable("late"));

        failsWith(ErrorCode.SUPERSEDED, first);
        failsWith(ErrorCode.SUPERSEDED, second);
        succeeds(third);
        assertThat(journal.of("orders-0")).doesNotContain("open 3").contains("open 4");
        assertThat(status(ORDERS).termsSeen()).isEqualTo(3);
    }

    @Test
    void callerThatGivesUpEndsOnlyItsOwnWaiting() throws Exception {
        opener.hold(ORDERS);
        var patient = manager.open(ORDERS, 11);
        var impatient = manager.open(ORDERS, 11);
        var timedOut = manager.open(ORDERS, 11).orTimeout(1, TimeUnit.MILLISECONDS);

        impatient.cancel(true);
        assertThat(timedOut)
                .failsWithin(BOUND)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);
        opener.succeed(ORDERS, 11);

        succeeds(patient);
        assertThat(impatient).isCancelled();
        assertThat(manager.get(ORDERS, 11).term()).isEqualTo(11);
        assertThat(journal.of("orders-0")).doesNotContain("cancel 11");
    }

    @Test
    void intentStandsWhenItsOnlyCallerGivesUp() throws Exception {
        opener.hold(ORDERS);
        var open = manager.open(ORDERS, 11);
        open.cancel(true);

        opener.succeed(ORDERS, 11);

        awaitCurrent(ORDERS, 11, true);
        manager.remove(ORDERS, 11).cancel(true);
        awaitCurrent(ORDERS, 11, false);
        failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 11));
    }

    static List<Exception> failuresOfOpenings() {
        return List.of(
                new CompletionException(new CancellationException("wrapped")),
                new CompletionException(new TimeoutException("wrapped")),
                Errors.unavailable("no broker"));
    }

    @ParameterizedTest
    @MethodSource("failuresOfOpenings")
    void removeAfterAFailedOpenSucceeds(Exception failure) throws Exception {
        opener.failWith(failure);
        assertThat(fails(manager.open(ORDERS, 3))).isNotNull();

        succeeds(manager.remove(ORDERS, 3));

        failsWith(ErrorCode.IGNORED, manager.remove(ORDERS, 3));
    }

    @Test
    void removeOfAnUnknownPChannelSucceedsAndBurnsTheTerm() throws Exception {
        succeeds(manager.remove(ORDERS, 1));

        failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 1));
        assertThat(journal.entries()).isEmpty();
    }

    @Test
    void logThatEndsIsUnregisteredClosedAndReported() throws Exception {
        succeeds(manager.open(ORDERS, 7));
        var reason = Errors.fenced();

        opener.wal(ORDERS, 7).end(reason);

        awaitCurrent(ORDERS, 7, false);
        assertThat(journal.of("orders-0")).containsExactly("open 7", "register 7", "unregister 7", "close 7");
        assertThat(status(ORDERS).cause()).isSameAs(reason);
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(told).last().satisfies(last -> {
                    assertThat(last.current()).isEqualTo(unavailableAt(7));
                    assertThat(last.cause()).isSameAs(reason);
                }));
        failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 7));
        succeeds(manager.open(ORDERS, 8));
    }

    @Test
    void logThatHasEndedIsNotHandedOut() throws Exception {
        succeeds(manager.open(ORDERS, 7));
        var wal = opener.wal(ORDERS, 7);
        // Runs before the lifetime's own continuation: a future runs the latest continuation first.
        var got = wal.ended()
                .thenApply(reason -> catchThrowableOfType(WalException.class, () -> manager.get(ORDERS))
                        .code());

        wal.end(Errors.fenced());

        assertThat(got).isCompletedWithValue(ErrorCode.NOT_OWNER);
    }

    @Test
    void logThatEndsWhileItIsRegisteredFailsTheOpening() throws Exception {
        var reason = Errors.fenced();
        flusher.whileRegistering(() -> opener.wal(ORDERS, 7).end(reason));

        assertThat(fails(manager.open(ORDERS, 7))).isSameAs(reason);

        assertThat(journal.of("orders-0")).containsExactly("open 7", "register 7", "unregister 7", "close 7");
        assertThat(flusher.registered()).isEmpty();
    }

    @Test
    void getAtAnotherTermNamesExpectedAndCurrent() throws Exception {
        succeeds(manager.open(ORDERS, 2));

        var expired = catchThrowableOfType(OwnershipException.class, () -> manager.get(ORDERS, 1));
        var notYet = catchThrowableOfType(OwnershipException.class, () -> manager.get(ORDERS, 3));

        assertThat(expired.code()).isEqualTo(ErrorCode.TERM_EXPIRED);
        assertThat(expired).hasMessageContaining("it is open at term 2 and is to be open at term 2");
        assertThat(expired.problem().numbers()).containsEntry("currentTerm", 2L).containsEntry("expectedTerm", 2L);
        assertThat(notYet.code()).isEqualTo(ErrorCode.NOT_OWNER);
    }

    @Test
    void remembersTheLastFailureWhateverCameAfter() throws Exception {
        var failure = Errors.unavailable("no broker");
        opener.failWith(failure);
        assertThat(fails(manager.open(ORDERS, 3))).isSameAs(failure);
        opener.failWith(null);

        succeeds(manager.open(ORDERS, 4));

        var remembered = requireNonNull(status(ORDERS).lastFailure());
        assertThat(remembered.term()).isEqualTo(3);
        assertThat(remembered.error()).isSameAs(failure);
        assertThat(status(ORDERS).cause()).isNull();
        var reason = Errors.fenced();
        opener.wal(ORDERS, 4).end(reason);
        awaitCurrent(ORDERS, 4, false);
        succeeds(manager.remove(ORDERS, 4));
        assertThat(requireNonNull(status(ORDERS).lastFailure()).error()).isSameAs(reason);
        assertThat(status(ORDERS).cause()).isNull();
    }

    @Test
    void anOpeningThatStoppedAsItWasToldIsNoFailure() throws Exception {
        opener.hold(ORDERS);
        var first = manager.open(ORDERS, 1);
        opener.awaitStarted(ORDERS, 1);

        var second = manager.open(ORDERS, 2);
        opener.awaitStarted(ORDERS, 2);

        failsWith(ErrorCode.SUPERSEDED, first);
        assertThat(status(ORDERS).current()).isEqualTo(unavailableAt(1));
        assertThat(status(ORDERS).cause()).isNull();
        assertThat(status(ORDERS).lastFailure()).isNull();
        opener.succeed(ORDERS, 2);
        succeeds(second);
    }

    @Test
    void listsEveryPChannelInOrder() throws Exception {
        succeeds(manager.open(PAYMENTS, 1));
        succeeds(manager.remove(ORDERS, 4));

        assertThat(manager.statuses()).extracting(LifetimeStatus::pchannel).containsExactly(ORDERS, PAYMENTS);
        assertThat(manager.statuses())
                .extracting(LifetimeStatus::current)
                .containsExactly(unavailableAt(4), availableAt(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aListenerThatThrowsChangesNothing(boolean error) throws Exception {
        manager = new WalManager(opener, flusher, LifetimeSettings.DEFAULTS, InstantSource.system());
        manager.addListener(status -> {
            if (error) {
                throw new NoClassDefFoundError("listener's bug");
            }
            throw new IllegalStateException("listener's bug");
        });
        manager.addListener(told::add);

        succeeds(manager.open(ORDERS, 2));
        succeeds(manager.remove(ORDERS, 2));

        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(told(ORDERS)).containsExactly(availableAt(2), unavailableAt(2)));
    }

    @Test
    void limitsHowManyWaitForTheSame() throws Exception {
        opener.hold(ORDERS);
        var waiting = Stream.generate(() -> manager.open(ORDERS, 1))
                .limit(Lifetime.MOST_WAITERS)
                .toList();

        failsWith(ErrorCode.OVERLOADED, manager.open(ORDERS, 1));

        waiting.get(0).cancel(true);
        var inItsPlace = manager.open(ORDERS, 1);
        opener.succeed(ORDERS, 1);
        succeeds(inItsPlace);
    }
}
