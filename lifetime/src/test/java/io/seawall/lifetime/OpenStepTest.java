package io.seawall.lifetime;

import static io.seawall.lifetime.Waits.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalOpener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OpenStepTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);

    private final Workers workers =
            Workers.start(new LifetimeSettings(Duration.ofMillis(20), Duration.ofMillis(20), 1));

    /** An opening that does not stop when it is asked to. */
    private record Endless(CompletableFuture<FlushableWal> wal) implements Opening, WalOpener {
        @Override
        public Opening open(PChannel pchannel, long term) {
            return this;
        }

        @Override
        public void cancel() {}

        @Override
        public void close() {}
    }

    @Test
    void aLogThatOpensWhenTheThreadsAreClosedIsClosed() {
        // Given: an opening that was given up, and closed threads
        var opening = new Endless(new CompletableFuture<>());
        var step = new OpenStep(ORDERS, 1, opening, workers);
        step.start();
        await().atMost(BOUND).until(step.outcome()::isCompletedExceptionally);
        workers.close();

        var late = new FakeWal(ORDERS, 1, new Journal());
        opening.wal().complete(late);

        await().atMost(BOUND).until(step.released()::isDone);
        assertThat(late.closes()).isEqualTo(1);
    }
}
