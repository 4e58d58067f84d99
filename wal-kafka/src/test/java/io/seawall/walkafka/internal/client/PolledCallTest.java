package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.port.LaneFault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PolledCallTest {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final Deque<Runnable> io = new ArrayDeque<>();
    private final List<Long> calls = new ArrayList<>();
    private long doneAtMs = Long.MAX_VALUE;

    private CompletableFuture<Void> start() {
        return PolledCall.start(
                () -> {
                    calls.add(time.elapsedMs());
                    if (time.elapsedMs() < doneAtMs) {
                        throw new TimeoutException("not yet");
                    }
                },
                LONGEST,
                time,
                io::add);
    }

    @Test
    void runsTheCallOnTheTimerAndCompletesOnThePool() {
        doneAtMs = 0;

        var done = start();
        assertThat(calls).as("this thread may be a caller's").isEmpty();
        time.advance(0);
        assertThat(calls).hasSize(1);
        assertThat(done).as("continuations may block the timer").isNotDone();
        io.remove().run();

        assertThat(done).isCompleted();
    }

    @Test
    void repeatsACallUntilItIsDone() {
        doneAtMs = time.elapsedMs() + 400;

        var unused = start();
        time.advance(10_000);

        assertThat(calls).last().satisfies(last -> assertThat(last).isBetween(doneAtMs, doneAtMs + 50));
        assertThat(calls).hasSizeLessThan(60);
        assertThat(io).hasSize(1);
    }

    @Test
    void aCallThatIsNeverDoneFailsAtTheLimitAndIsNotRepeated() {
        var failed = start();
        time.advance(LONGEST.toMillis());
        var made = calls.size();
        io.remove().run();
        time.advance(LONGEST.toMillis());

        assertThat(failed)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        LaneFault.class, fault -> assertThat(fault.kind()).isEqualTo(LaneFault.Kind.UNAVAILABLE));
        assertThat(calls).hasSize(made).hasSizeLessThan(400);
    }

    @Test
    void anErrorEndsTheCall() {
        var failed = PolledCall.start(
                () -> {
                    calls.add(time.elapsedMs());
                    throw new ProducerFencedException("another");
                },
                LONGEST,
                time,
                io::add);
        time.advance(1_000);
        io.remove().run();

        assertThat(failed)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        LaneFault.class, fault -> assertThat(fault.kind()).isEqualTo(LaneFault.Kind.FENCED));
        assertThat(calls).hasSize(1);
    }

    @Test
    void completesEvenIfThePoolIsClosed() {
        var done = PolledCall.start(() -> {}, LONGEST, time, task -> {
            throw new RejectedExecutionException("closing");
        });
        time.advance(0);

        assertThat(done).isCompleted();
    }
}
