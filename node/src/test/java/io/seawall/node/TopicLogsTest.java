package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.WalManager;
import io.seawall.wal.PChannel;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicLogsTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final PChannel BILLS = new PChannel("bills", 0);

    private final WalManager lifetimes =
            new WalManager(new RecordingOpener(), new NoFlusher(), LifetimeSettings.DEFAULTS, new StepClock());

    @AfterEach
    void close() {
        lifetimes.close();
    }

    private boolean isExpected(PChannel pchannel) {
        return lifetimes.status(pchannel).orElseThrow().expected().available();
    }

    @Test
    void opensBeforeItReturns() {
        var logs = new TopicLogs(lifetimes, () -> lifetimes.open(ORDERS, 3));

        logs.open("orders");

        assertThat(lifetimes.get(ORDERS).term()).isEqualTo(3);
    }

    @Test
    void aFailedOpeningIsNoErrorOfTheTopic() {
        var logs = new TopicLogs(lifetimes, () -> CompletableFuture.failedFuture(new IllegalStateException("a bug")));

        logs.open("orders");

        assertThat(lifetimes.statuses()).isEmpty();
    }

    @Test
    void closesTheLogsOfTheTopicAlone() {
        lifetimes.open(ORDERS, 3).join();
        lifetimes.open(BILLS, 4).join();

        new TopicLogs(lifetimes, () -> CompletableFuture.completedFuture(null)).close("orders");

        assertThat(isExpected(ORDERS)).isFalse();
        assertThat(isExpected(BILLS)).isTrue();
    }
}
