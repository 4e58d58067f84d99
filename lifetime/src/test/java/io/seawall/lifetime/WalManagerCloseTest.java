package io.seawall.lifetime;

import static io.seawall.lifetime.LifetimeState.unavailableAt;
import static io.seawall.lifetime.Waits.BOUND;
import static io.seawall.lifetime.Waits.failsWith;
import static io.seawall.lifetime.Waits.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.RetryableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Closing the manager, and steps that hang. */
class WalManagerCloseTest extends ManagerFixture {
    @Test
    void unregistersThenClosesEveryLog() throws Exception {
        succeeds(manager.open(ORDERS, 1));
        succeeds(manager.open(PAYMENTS, 2));

        manager.close();

        assertThat(journal.of("orders-0")).containsExactly("open 1", "register 1", "unregister 1", "close 1");
        assertThat(journal.of("payments-0")).containsExactly("open 2", "register 2", "unregister 2", "close 2");
        assertThat(flusher.registered()).isEmpty();
        assertThat(status(ORDERS).current()).isEqualTo(unavailableAt(1));
        assertThat(journal.entries()).doesNotContain("close opener");
    }

    @Test
    void refusesEverythingAfterwards() throws Exception {
        succeeds(manager.open(ORDERS, 1));

        manager.close();

        failsWith(ErrorCode.SHUTTING_DOWN, manager.open(ORDERS, 2));
        failsWith(ErrorCode.SHUTTING_DOWN, manager.remove(ORDERS, 2));
        failsWith(ErrorCode.SHUTTING_DOWN, manager.open(PAYMENTS, 2));
        assertThat(catchThrowableOfType(RetryableException.class, () -> manager.get(ORDERS))
                        .code())
                .isEqualTo(ErrorCode.SHUTTING_DOWN);
    }

    @Test
    void refusesFromTheFirstMoment() throws Exception {
        opener.hold(ORDERS);
        opener.ignoreCancel();
        var open = manager.open(ORDERS, 1);
        opener.awaitStarted(ORDERS, 1);
        var closing = CompletableFuture.runAsync(manager::close);

        failsWith(ErrorCode.SHUTTING_DOWN, open);

        failsWith(ErrorCode.SHUTTING_DOWN, manager.remove(ORDERS, 1));
        failsWith(ErrorCode.SHUTTING_DOWN, manager.open(PAYMENTS, 1));
        assertThat(closing).isNotDone();
        opener.succeed(ORDERS, 1);
        closing.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void cancelsOpeningsAndLeavesNoWaiter() throws Exception {
        var waiters = new ArrayList<CompletableFuture<Void>>();
        for (var partition = 0; partition < 20; partition++) {
            var pchannel = new PChannel("orders", partition);
            opener.hold(pchannel);
            waiters.add(manager.open(pchannel, 1));
            waiters.add(manager.open(pchannel, 1));
            opener.awaitStarted(pchannel, 1);
        }

        manager.close();

        assertThat(waiters).allSatisfy(waiter -> assertThat(waiter).isCompletedExceptionally());
        for (var waiter : waiters) {
            failsWith(ErrorCode.SHUTTING_DOWN, waiter);
        }
        assertThat(journal.entries())
                .filteredOn(entry -> entry.startsWith("cancel"))
                .hasSize(20);
    }

    @Test
    void wakesTheWaiterOfARemoveWhoseCloseHangs() throws Exception {
        useShortTimeout();
        opener.closesHang(true);
        succeeds(manager.open(ORDERS, 1));
        var remove = manager.remove(ORDERS, 1);

        manager.close();

        failsWith(ErrorCode.SHUTTING_DOWN, remove);
    }

    @Test
    void closesALogThatComesToLifeAfterTheClose() throws Exception {
        useShortTimeout();
        opener.hold(ORDERS);
        opener.ignoreCancel();
        failsLater(manager.open(ORDERS, 1));
        opener.awaitStarted(ORDERS, 1);
        manager.close();

        var late = opener.succeed(ORDERS, 1);

        await().atMost(BOUND).until(() -> late.closes() == 1);
        assertThat(journal.of("orders-0")).doesNotContain("register 1");
    }

    @Test
    void isBoundedAlthoughEveryCloseHangs() throws Exception {
        useShortTimeout();
        opener.closesHang(true);
        for (var partition = 0; partition < 6; partition++) {
            succeeds(manager.open(new PChannel("orders", partition), 1));
        }

        var closing = CompletableFuture.runAsync(manager::close);

        closing.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(manager.statuses()).hasSize(6);
    }

    @Test
    void mayBeClosedTwiceAndWithoutAnything() {
        manager.close();
        manager.close();

        assertThat(manager.statuses()).isEmpty();
    }

    @Test
    void endingLogIsClosedOnceByClose() throws Exception {
        succeeds(manager.open(ORDERS, 1));
        opener.wal(ORDERS, 1).end(Errors.fenced());

        manager.close();

        assertThat(opener.wal(ORDERS, 1).closes()).isEqualTo(1);
        assertThat(journal.of("orders-0")).containsOnlyOnce("unregister 1");
    }

    @Test
    void unregisterThatHangsOrFailsDoesNotKeepTheLogOpen() throws Exception {
        useShortTimeout();
        succeeds(manager.open(ORDERS, 1));
        succeeds(manager.open(PAYMENTS, 1));

        flusher.unregisterHangs();
        succeeds(manager.remove(ORDERS, 1));
        flusher.unregisterFails(new IllegalStateException("flusher's bug"));
        succeeds(manager.remove(PAYMENTS, 1));

        assertThat(journal.of("orders-0")).containsExactly("open 1", "register 1", "unregister 1", "close 1");
        assertThat(journal.of("payments-0")).containsExactly("open 1", "register 1", "unregister 1", "close 1");
    }

    @Test
    void registrationThatHangsFailsTheOpeningAndIsUndone() throws Exception {
        useShortTimeout();
        flusher.registerHangs();

        failsWith(ErrorCode.UNAVAILABLE, manager.open(ORDERS, 1));

        assertThat(journal.of("orders-0")).containsExactly("open 1", "register 1", "unregister 1", "close 1");
    }

    @Test
    void closeThatHangsDelaysTheNextTermByOneTimeoutOnly() throws Exception {
        useShortTimeout();
        opener.closesHang(true);
        succeeds(manager.open(ORDERS, 1));

        succeeds(manager.open(ORDERS, 2));

        assertThat(manager.get(ORDERS, 2).term()).isEqualTo(2);
    }

    @Test
    void closesThatHangDoNotStarveTheOthers() throws Exception {
        useShortTimeout();
        opener.closesHang(true);
        for (var partition = 0; partition < 8; partition++) {
            succeeds(manager.open(new PChannel("orders", partition), 1));
        }
        opener.closesHang(false);

        for (var partition = 0; partition < 8; partition++) {
            failsLater(manager.remove(new PChannel("orders", partition), 1));
        }

        succeeds(manager.open(PAYMENTS, 1));
        succeeds(manager.remove(PAYMENTS, 1));
    }

    @Test
    void closesThatIgnoreInterruptsDoNotStarveTheOthers() throws Exception {
        useShortTimeout();
        var released = new CountDownLatch(1);
        for (var partition = 0; partition < 4; partition++) {
            var pchannel = new PChannel("orders", partition);
            succeeds(manager.open(pchannel, 1));
            var unused = opener.wal(pchannel, 1).closeIsDeafUntil(released);
            failsLater(manager.remove(pchannel, 1));
        }
        await().atMost(BOUND)
                .until(() -> journal.entries().stream()
                                .filter("close orders-0 1"::equals)
                                .count()
                        == 1);

        succeeds(manager.open(PAYMENTS, 1));
        succeeds(manager.remove(PAYMENTS, 1));

        released.countDown();
    }

    @Test
    void openerThatBlocksInItsCallHoldsUpOnlyItsOwnPChannel() throws Exception {
        manager = manager(new LifetimeSettings(Duration.ofMinutes(1), Duration.ofMillis(200), 1));
        opener.callHangs();
        var blocked = manager.open(ORDERS, 1);
        await().atMost(BOUND).until(() -> journal.entries().contains("open orders-0 1"));

        succeeds(manager.remove(PAYMENTS, 1));
        succeeds(blocked);
    }

    @Test
    void answersRunUnderNoLock() throws Exception {
        opener.hold(ORDERS);
        var refusal = new CompletableFuture<Void>();
        var open = manager.open(ORDERS, 1);
        // A second thread must get through to the same pchannel while this one runs a caller's continuation.
        var chained = open.thenRun(() -> onAnotherThread(() -> refuseTo(refusal)));

        opener.succeed(ORDERS, 1);

        succeeds(chained);
        failsWith(ErrorCode.IGNORED, refusal);
    }

    private void refuseTo(CompletableFuture<Void> refusal) {
        var unused = manager.remove(ORDERS, 0).whenComplete((done, error) -> refusal.completeExceptionally(error));
    }

    private static void onAnotherThread(Runnable action) {
        CompletableFuture.runAsync(action).join();
    }

    /** Ignores the result of a future that fails later. */
    private static void failsLater(CompletableFuture<Void> future) {
        assertThat(future).isNotNull();
    }
}
