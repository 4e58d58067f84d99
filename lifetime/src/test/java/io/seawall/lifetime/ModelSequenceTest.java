package io.seawall.lifetime;

import static io.seawall.lifetime.LifetimeState.unavailableAt;
import static io.seawall.lifetime.Waits.failsWith;
import static io.seawall.lifetime.Waits.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import org.junit.jupiter.api.Test;

/** The two long sequences with which the model tests its lifetime and its manager, step by step. */
class ModelSequenceTest extends ManagerFixture {
    private ErrorCode refusal(PChannel pchannel, long term) {
        return catchThrowableOfType(WalException.class, () -> manager.get(pchannel, term))
                .code();
    }

    @Test
    void followsTheSequenceOfItsLifetime() throws Exception {
        assertThat(manager.status(ORDERS)).isEmpty();

        succeeds(manager.open(ORDERS, 2));
        assertThat(manager.get(ORDERS).term()).isEqualTo(2);
        failsWith(ErrorCode.IGNORED, manager.remove(ORDERS, 1));
        assertThat(manager.get(ORDERS).term()).isEqualTo(2);
        succeeds(manager.remove(ORDERS, 2));
        assertThat(refusal(ORDERS, 2)).isEqualTo(ErrorCode.NOT_OWNER);
        failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 1));

        succeeds(manager.open(ORDERS, 5));
        succeeds(manager.open(ORDERS, 10));
        assertThat(opener.wal(ORDERS, 5).closes()).isEqualTo(1);
        assertThat(manager.get(ORDERS).term()).isEqualTo(10);

        opener.hold(ORDERS);
        var givenUp = manager.open(ORDERS, 11);
        givenUp.cancel(true);
        opener.awaitStarted(ORDERS, 11);
        opener.succeed(ORDERS, 11);
        awaitCurrent(ORDERS, 11, true);
        opener.release(ORDERS);
        manager.remove(ORDERS, 11).cancel(true);
        awaitCurrent(ORDERS, 11, false);
        failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 11));

        succeeds(manager.open(ORDERS, 12));
        manager.close();
        assertThat(opener.wal(ORDERS, 12).closes()).isEqualTo(1);
        assertThat(status(ORDERS).current()).isEqualTo(unavailableAt(12));
    }

    @Test
    void followsTheSequenceOfItsManager() throws Exception {
        assertThat(refusal(ORDERS, 1)).isEqualTo(ErrorCode.NOT_OWNER);
        assertThat(manager.statuses()).as("reading the status creates nothing").isEmpty();

        succeeds(manager.remove(ORDERS, 1));
        assertThat(refusal(ORDERS, 1)).isEqualTo(ErrorCode.NOT_OWNER);
        failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 1));

        succeeds(manager.open(ORDERS, 2));
        failsWith(ErrorCode.IGNORED, manager.remove(ORDERS, 1));
        assertThat(refusal(ORDERS, 1)).isEqualTo(ErrorCode.TERM_EXPIRED);
        assertThat(manager.get(ORDERS, 2).term()).isEqualTo(2);
        assertThat(manager.statuses()).hasSize(1);
        succeeds(manager.open(PAYMENTS, 1));
        assertThat(manager.statuses()).hasSize(2).allMatch(LifetimeStatus::converged);

        manager.close();
        failsWith(ErrorCode.SHUTTING_DOWN, manager.open(ORDERS, 3));
        failsWith(ErrorCode.SHUTTING_DOWN, manager.remove(ORDERS, 3));
        assertThat(refusal(ORDERS, 2)).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(manager.statuses())
                .as("statuses stay readable after the close")
                .extracting(LifetimeStatus::current)
                .containsExactly(unavailableAt(2), unavailableAt(1));
    }
}
