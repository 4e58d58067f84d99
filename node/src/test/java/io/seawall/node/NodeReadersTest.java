package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.WalManager;
import io.seawall.wal.LogBounds;
import io.seawall.wal.PChannel;
import io.seawall.wal.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeReadersTest {
    private static final PChannel ORDERS_0 = new PChannel("orders", 0);

    private final FakeReaders kafka = new FakeReaders();
    private final WalManager lifetimes =
            new WalManager(new RecordingOpener(), new NoFlusher(), LifetimeSettings.DEFAULTS, new StepClock());
    private final NodeReaders readers = new NodeReaders(kafka, (wal, wait) -> wal.oldest(), lifetimes);

    @AfterEach
    void closeLogs() {
        lifetimes.close();
    }

    @Test
    void knowsTheTailOfAnOwnLog() {
        lifetimes.open(ORDERS_0, 1).join();

        assertThat(readers.bounds(ORDERS_0, View.LIVE)).isEqualTo(new LogBounds(0, StubWal.TAIL));
        assertThat(kafka.asked()).isZero();
    }

    /** The owner's commits are answered; readers see what is in the partition, perhaps behind another program's transaction. */
    @Test
    void asksKafkaHowFarTheCommittedViewReaches() {
        lifetimes.open(ORDERS_0, 1).join();
        kafka.tail(ORDERS_0, 2);

        assertThat(readers.bounds(ORDERS_0, View.COMMITTED)).isEqualTo(new LogBounds(0, 2));
    }

    @Test
    void asksKafkaAboutTheLogsOfOthers() {
        kafka.tail(ORDERS_0, 2);

        assertThat(readers.bounds(ORDERS_0, View.LIVE)).isEqualTo(new LogBounds(0, 2));
    }
}
