package io.seawall.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadPassesTest {
    private static final long SECOND = 1_000_000_000;

    private final ManualClock clock = new ManualClock();

    @Test
    void readsWholePassesAndCountsTheirTimeAlone() {
        var passes = new ReadPasses(1_000, clock);

        var found = passes.run(
                () -> {
                    clock.pass(5 * SECOND); // opening
                    return pass(250, SECOND / 2);
                },
                Duration.ofSeconds(3));

        assertThat(found.records()).isEqualTo(2_000);
        assertThat(found.seconds()).isEqualTo(4);
        assertThat(found.mbPerSecond()).isEqualTo(0.512);
    }

    @Test
    void refusesAPassWithMoreRecordsThanWereWritten() {
        var passes = new ReadPasses(1_000, clock);

        assertThatIllegalStateException()
                .isThrownBy(() -> passes.run(() -> pass(300, SECOND), Duration.ofSeconds(1)))
                .withMessageContaining("1200")
                .withMessageContaining("expected 1000");
    }

    @Test
    void givesUpOnAPassThatDoesNotCome() {
        var passes = new ReadPasses(1_000, clock);

        assertThatIllegalStateException()
                .isThrownBy(() -> passes.run(() -> pass(0, SECOND), Duration.ofSeconds(1)))
                .withMessageContaining("read 0 of 1000");
    }

    private ReadPasses.Pass pass(int records, long nanos) {
        return new ReadPasses.Pass() {
            @Override
            public int take() {
                clock.pass(nanos);
                return records;
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }
}
