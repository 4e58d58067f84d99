package io.seawall.lifetime;

import static org.awaitility.Awaitility.await;

import io.seawall.wal.PChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** A manager over fakes, closed after each test. */
abstract class ManagerFixture {
    static final PChannel ORDERS = new PChannel("orders", 0);
    static final PChannel PAYMENTS = new PChannel("payments", 0);

    final Journal journal = new Journal();
    final FakeOpener opener = new FakeOpener(journal);
    final FakeFlusher flusher = new FakeFlusher(journal);
    final List<LifetimeStatus> told = new CopyOnWriteArrayList<>();
    WalManager manager = manager(new LifetimeSettings(Duration.ofMinutes(1), Duration.ofSeconds(5), 2));

    final WalManager manager(LifetimeSettings settings) {
        var fresh = new WalManager(opener, flusher, settings, InstantSource.system());
        fresh.addListener(told::add);
        return fresh;
    }

    /** For tests in which a step hangs. */
    final void useShortTimeout() {
        manager = manager(new LifetimeSettings(Duration.ofMinutes(1), Duration.ofMillis(200), 2));
    }

    final LifetimeStatus status(PChannel pchannel) {
        return manager.status(pchannel).orElseThrow();
    }

    final void awaitCurrent(PChannel pchannel, long term, boolean available) {
        await().atMost(Waits.BOUND).until(() -> status(pchannel).current(), new LifetimeState(term, available)::equals);
    }

    /** Returns the current states that the listener received. */
    final List<LifetimeState> told(PChannel pchannel) {
        return told.stream()
                .filter(status -> status.pchannel().equals(pchannel))
                .map(LifetimeStatus::current)
                .toList();
    }

    @AfterEach
    final void closeManager() {
        manager.close();
    }
}
