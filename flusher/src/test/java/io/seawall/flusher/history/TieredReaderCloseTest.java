package io.seawall.flusher.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers that another thread closes: whatever they were doing, nothing stays open. */
@Timeout(60)
class TieredReaderCloseTest {
    private static final int READERS = 40;

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TieredReadBench bench;

    @BeforeEach
    void flushAndTrim() {
        bench = TieredReadBench.flushedAndTrimmed(folder);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        bench.close();
        bench.awaitAllClosed();
    }

    @Test
    void aReaderThatIsClosedWhileItMovesToKafkaClosesThatToo() {
        var reader = bench.open(240);
        TieredReadBench.readTo(reader, 250);
        bench.kafka.afterOpen(reader::close);

        var end = catchThrowable(() -> reader.poll(10, TieredReadBench.PATIENCE));

        assertThat(bench.kafka.openNow()).isZero();
        assertClosed(end);
    }

    @Test
    void aReaderThatIsClosedWhileKafkaRefusesItOpensNoSegment() {
        var reader = bench.open(260);
        bench.kafka.beforeNextPoll(() -> {
            bench.kafka.trim(300);
            reader.close();
        });
        bench.store.calls();

        var end = catchThrowable(() -> reader.poll(10, TieredReadBench.PATIENCE));

        assertThat(bench.store.calls()).isEmpty();
        assertThat(bench.kafka.openNow()).isZero();
        assertClosed(end);
    }

    @RepeatedTest(5)
    void closingAtAnyMomentEndsThePollAndLeavesNothingOpen(RepetitionInfo repetition) throws Exception {
        var random = new Random(repetition.getCurrentRepetition());
        for (var i = 0; i < READERS; i++) {
            var reader = bench.open(random.nextInt(300));
            var polls = new AtomicInteger();
            var end = threads.submit(() -> catchThrowable(() -> pollForever(reader, polls)));
            var closeAt = random.nextInt(40);
            while (polls.get() < closeAt && !end.isDone()) {
                Thread.onSpinWait();
            }

            reader.close();

            assertClosed(end.get(30, TimeUnit.SECONDS));
        }
    }

    private static void pollForever(WalReader reader, AtomicInteger polls) {
        while (true) {
            var unused = reader.poll(10, TieredReadBench.PATIENCE);
            polls.incrementAndGet();
        }
    }

    private static void assertClosed(Throwable end) {
        assertThat(end)
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    }
}
