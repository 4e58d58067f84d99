package io.seawall.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class LatencyTest {
    private static final int PER_SECOND = 1_000;
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final long MS = 1_000_000;

    private final ManualClock clock = new ManualClock();

    @Test
    void recordsAreDueEvenlyToTheNanosecond() {
        var loop = OpenLoop.lasting(Duration.ofSeconds(10), 7, 3);

        assertThat(loop.count()).isEqualTo(30);
        assertThat(loop.due(0)).isEqualTo(7);
        assertThat(loop.due(1)).isEqualTo(333_333_340);
        assertThat(loop.due(29)).isEqualTo(7 + 29_000_000_000L / 3);
        assertThat(loop.due(30)).isEqualTo(10_000_000_007L);
    }

    @Test
    void theLatencyOfASteadyTargetIsItsDelay() {
        var latency = Latency.ofAppends(new Target(index -> clock.pass(MS / 4)), PER_SECOND, ONE_SECOND, clock);

        assertThat(latency.samples()).isEqualTo(1_000);
        assertThat(latency.p50Ms()).isCloseTo(0.25, within(0.01));
        assertThat(latency.maxMs()).isCloseTo(0.25, within(0.01));
    }

    @Test
    void aStallIsChargedToEveryRecordThatItDelayed() {
        // For 100 ms nothing could be sent: 100 of 1,000 records were late, by 50 ms on average.
        var latency = Latency.ofAppends(
                new Target(index -> clock.pass(index == 500 ? 100 * MS : 0)), PER_SECOND, ONE_SECOND, clock);

        assertThat(latency.samples()).isEqualTo(1_000);
        assertThat(latency.p50Ms()).isLessThan(0.01);
        assertThat(latency.p99Ms()).isCloseTo(90, within(1.5));
        assertThat(latency.maxMs()).isCloseTo(100, within(0.2));
    }

    @Test
    void aFailedAppendEndsTheRound() {
        var failing = new Target(index -> {
            throw new IllegalStateException("no");
        });

        assertThatThrownBy(() -> Latency.ofAppends(failing, PER_SECOND, ONE_SECOND, clock))
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("is invalid")
                .hasRootCauseMessage("no");
    }

    /** Runs an action for each record, then answers on the caller's thread. */
    private static final class Target implements AppendTarget {
        private final LongConsumer work;
        private long index;

        Target(LongConsumer work) {
            this.work = work;
        }

        @Override
        public void append(byte[] value, AppendCallback answer) {
            try {
                work.accept(index++);
                answer.on(null);
            } catch (RuntimeException error) {
                answer.on(error);
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
