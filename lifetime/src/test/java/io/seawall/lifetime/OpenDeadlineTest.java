package io.seawall.lifetime;

import static io.seawall.lifetime.LifetimeState.unavailableAt;
import static io.seawall.lifetime.Waits.BOUND;
import static io.seawall.lifetime.Waits.fails;
import static io.seawall.lifetime.Waits.failsWith;
import static io.seawall.lifetime.Waits.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Openers that exceed their own deadline or break their contract in another way. */
class OpenDeadlineTest extends ManagerFixture {
    @BeforeEach
    void openWithinAMoment() {
        manager = manager(new LifetimeSettings(Duration.ofMillis(100), Duration.ofMillis(200), 2));
    }

    @Test
    void anOverdueOpeningIsAskedToStopAndItsErrorIsTheAnswer() throws Exception {
        opener.hold(ORDERS);

        var error = fails(manager.open(ORDERS, 1));

        assertThat(error).hasMessageContaining("the opening was cancelled");
        assertThat(journal.of("orders-0")).containsExactly("open 1", "cancel 1");
        assertThat(status(ORDERS).cause()).isSameAs(error);
    }

    @Test
    void anOpeningThatDoesNotStopIsGivenUpAndItsTermIsUsedUp() throws Exception {
        opener.hold(ORDERS);
        opener.ignoreCancel();

        var error = failsWith(ErrorCode.UNAVAILABLE, manager.open(ORDERS, 1));

        assertThat(error).hasMessageContaining("no end within PT0.1S, nor within PT0.2S after it was asked to stop");
        assertThat(status(ORDERS).current()).isEqualTo(unavailableAt(1));
        opener.release(ORDERS);
        succeeds(manager.open(ORDERS, 2));
    }

    @Test
    void aLogThatOpensAfterThatIsClosedAndNeverHandedOut() throws Exception {
        opener.hold(ORDERS);
        opener.ignoreCancel();
        failsWith(ErrorCode.UNAVAILABLE, manager.open(ORDERS, 1));
        opener.release(ORDERS);
        succeeds(manager.open(ORDERS, 2));

        var late = opener.succeed(ORDERS, 1);

        await().atMost(BOUND).until(() -> late.closes() == 1);
        assertThat(manager.get(ORDERS).term()).isEqualTo(2);
        assertThat(journal.of("orders-0")).doesNotContain("register 1");
    }

    @Test
    void aLogThatOpensAfterTheManagerIsClosedIsClosedToo() throws Exception {
        opener.hold(ORDERS);
        opener.ignoreCancel();
        failsWith(ErrorCode.UNAVAILABLE, manager.open(ORDERS, 1));
        manager.close();

        var late = opener.succeed(ORDERS, 1);

        await().atMost(BOUND).until(() -> late.closes() == 1);
    }

    @Test
    void aCallThatHangsIsGivenUpAsWell() throws Exception {
        opener.deafFor(ORDERS);

        failsWith(ErrorCode.UNAVAILABLE, manager.open(ORDERS, 1));

        opener.hear();
        await().atMost(BOUND).until(() -> opener.opened().size() == 1);
        await().atMost(BOUND).until(() -> opener.wal(ORDERS, 1).closes() == 1);
    }

    @Test
    void anOpenerThatThrowsAnErrorOrReturnsNullFailsTheWaiters() throws Exception {
        opener.throwing(new StackOverflowError("in the opener"));
        assertThat(failsWith(ErrorCode.INTERNAL, manager.open(ORDERS, 1))).hasMessageContaining("in the opener");

        opener.throwing(null);
        opener.givesNull();
        failsWith(ErrorCode.INTERNAL, manager.open(ORDERS, 2));
    }

    @Test
    void anOpeningInTimeIsNotTouched() throws Exception {
        succeeds(manager.open(ORDERS, 1));
        // Another opening that exceeds the same limits meanwhile.
        opener.hold(PAYMENTS);
        opener.ignoreCancel();
        failsWith(ErrorCode.UNAVAILABLE, manager.open(PAYMENTS, 1));

        assertThat(manager.get(ORDERS, 1).term()).isEqualTo(1);
        assertThat(journal.of("orders-0")).containsExactly("open 1", "register 1");
    }
}
