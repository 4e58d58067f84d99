package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.Segments;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The flusher on its own threads and the real clock. */
@Timeout(30)
class FlusherThreadsTest {
    private static final PChannel ORDERS = PChannel.parse("orders-0");

    @TempDir
    Path folder;

    @Test
    void flushesWithoutBeingDriven() {
        var log = new FakeLog(ORDERS);
        var store = LocalSegmentStore.open(folder.resolve("segments"), new Random(1));
        try (var flusher = new Flusher(
                store,
                log,
                settings(Duration.ofSeconds(5)),
                FlusherEvents.NONE,
                InstantSource.system(),
                System::nanoTime)) {
            flusher.register(log.wal(1));
            log.fill(10_000);

            var flushed = flusher.flush(ORDERS);

            assertThat(flushed).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(10_000L);
        }
        var report = new Segments(store).verify(ORDERS);
        assertThat(report.ok()).isTrue();
        assertThat(report.records()).isEqualTo(10_000);
    }

    @Test
    void unregisterDoesNotWaitForAStepThatHangs() {
        var log = new FakeLog(ORDERS);
        var store = LocalSegmentStore.open(folder.resolve("segments"), new Random(1));
        var gate = new CountDownLatch(1);
        try (var flusher = new Flusher(
                store,
                log,
                settings(Duration.ofMillis(50)),
                FlusherEvents.NONE,
                InstantSource.system(),
                System::nanoTime)) {
            var wal = log.wal(1);
            log.holdReads(gate);
            log.fill(5);
            flusher.register(wal);
            await().atMost(Duration.ofSeconds(10)).until(() -> log.openReaders() == 1);

            flusher.unregister(wal);

            assertThat(flusher.status(ORDERS)).isEmpty();
            gate.countDown();
            await().atMost(Duration.ofSeconds(10)).until(() -> log.openReaders() == 0);
        }
        assertThat(new Segments(store).list(ORDERS)).isEmpty();
    }

    @Test
    void anInterruptedThreadReleasesWhatNoStepUses() {
        var log = new FakeLog(ORDERS);
        var store = LocalSegmentStore.open(folder.resolve("segments"), new Random(1));
        try (var flusher = new Flusher(
                store,
                log,
                settings(Duration.ofSeconds(5)),
                FlusherEvents.NONE,
                InstantSource.system(),
                System::nanoTime)) {
            var wal = log.wal(1);
            log.fill(5);
            flusher.register(wal);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> flusher.status(ORDERS).orElseThrow().nextLsn().equals(OptionalLong.of(5)));

            Thread.currentThread().interrupt();
            flusher.unregister(wal);

            assertThat(Thread.interrupted()).isTrue();
            await().atMost(Duration.ofSeconds(10)).until(() -> log.openReaders() == 0);
        }
    }

    private FlusherSettings settings(Duration closeTimeout) {
        return FlusherSettings.defaults(folder.resolve("spool"))
                .with(new FlusherSettings.Work(2, Duration.ofMillis(10), closeTimeout));
    }
}
