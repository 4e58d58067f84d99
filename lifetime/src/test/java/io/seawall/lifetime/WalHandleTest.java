package io.seawall.lifetime;

import static io.seawall.lifetime.Waits.failsWith;
import static io.seawall.lifetime.Waits.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Wal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The handles that {@link WalManager#get} returns. */
class WalHandleTest extends ManagerFixture {
    private Wal handleOf(long term) throws Exception {
        succeeds(manager.open(ORDERS, term));
        return manager.get(ORDERS, term);
    }

    private static CompletableFuture<Void> append(Wal wal) {
        return wal.append(new byte[1]).thenAccept(appended -> {});
    }

    @Test
    void cannotCloseTheLogNorEndIt() throws Exception {
        var handle = handleOf(2);

        handle.close();
        handle.ended().complete(Errors.fenced());

        assertThat(opener.wal(ORDERS, 2).closes()).isZero();
        assertThat(manager.get(ORDERS, 2).append(new byte[1]).get(1, TimeUnit.SECONDS))
                .isEqualTo(new Appended(2, 0, 0));
    }

    @Test
    void isTheLogInEverythingElse() throws Exception {
        var handle = handleOf(2);

        assertThat(handle.pchannel()).isEqualTo(ORDERS);
        assertThat(handle.term()).isEqualTo(2);
        assertThat(handle.epoch()).isZero();
        assertThat(handle.tail()).isEqualTo(5);
        assertThat(handle.oldest()).isZero();
        assertThat(handle.checkTail()).isCompletedWithValue(5L);
        assertThat(handle.trim(3)).isCompletedWithValue(0L);
        assertThat(handle.ended()).isNotDone();
    }

    @Test
    void failsAsNotOwnedOnceItsTermIsRemoved() throws Exception {
        var handle = handleOf(2);

        succeeds(manager.remove(ORDERS, 2));

        var refused = failsWith(ErrorCode.NOT_OWNER, append(handle));
        assertThat(refused.effect()).isEqualTo(Effect.NONE);
        assertThat(refused).hasMessageContaining("it is closed at term 2");
        failsWith(ErrorCode.NOT_OWNER, handle.checkTail().thenAccept(tail -> {}));
        failsWith(ErrorCode.NOT_OWNER, handle.trim(1).thenAccept(oldest -> {}));
        assertThat(handle.tail()).as("the last tail stays readable").isEqualTo(5);
        assertThat(opener.wal(ORDERS, 2).appends()).isZero();
    }

    @Test
    void failsAsExpiredOnceAHigherTermIsAvailable() throws Exception {
        var handle = handleOf(2);

        succeeds(manager.open(ORDERS, 3));

        var refused = failsWith(ErrorCode.TERM_EXPIRED, append(handle));
        assertThat(refused.problem().numbers()).containsEntry("currentTerm", 3L);
        succeeds(append(manager.get(ORDERS, 3)));
    }

    @Test
    void failsAsSoonAsItsLogIsBeingClosed() throws Exception {
        useShortTimeout();
        var handle = handleOf(2);
        flusher.unregisterHangs();
        var removing = manager.remove(ORDERS, 2);

        failsWith(ErrorCode.NOT_OWNER, append(handle));

        succeeds(removing);
    }

    @Test
    void failsWithTheReasonOfALogThatEnded() throws Exception {
        var handle = handleOf(2);

        opener.wal(ORDERS, 2).end(Errors.fenced());

        failsWith(ErrorCode.FENCED, append(handle));
        awaitCurrent(ORDERS, 2, false);
        failsWith(ErrorCode.FENCED, append(handle));
        assertThat(handle.ended()).isCompleted();
    }

    @Test
    void failsAsShuttingDownOnceTheManagerIsClosed() throws Exception {
        var handle = handleOf(2);

        manager.close();

        failsWith(ErrorCode.SHUTTING_DOWN, append(handle));
    }
}
