package io.seawall.lifetime;

import static io.seawall.lifetime.Waits.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepPoolTest {
    private static final int SIZE = 2;

    private final Workers workers =
            Workers.start(new LifetimeSettings(Duration.ofMinutes(1), Duration.ofMillis(100), SIZE));
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void stop() {
        released.countDown();
        workers.close();
    }

    private CompletableFuture<Optional<Throwable>> run(Runnable work) {
        var ended = new CompletableFuture<Optional<Throwable>>();
        workers.releasing().run(work, ended::complete);
        return ended;
    }

    private static Optional<Throwable> end(CompletableFuture<Optional<Throwable>> step) throws Exception {
        return step.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private List<CompletableFuture<Optional<Throwable>>> hang(int count) {
        var steps = new ArrayList<CompletableFuture<Optional<Throwable>>>();
        for (var i = 0; i < count; i++) {
            steps.add(run(() -> Hang.deafUntil(released)));
        }
        return steps;
    }

    @Test
    void reportsHowAStepEnded() throws Exception {
        var bug = new StackOverflowError();

        assertThat(end(run(() -> {}))).isEmpty();
        assertThat(end(run(() -> {
                    throw bug;
                })))
                .containsSame(bug);
    }

    @Test
    void continuesWithoutStepsThatHang() throws Exception {
        for (var step : hang(SIZE + 1)) {
            assertThat(end(step)).containsInstanceOf(TimeoutException.class);
        }

        assertThat(end(run(() -> {}))).isEmpty();
    }

    @Test
    void rejectsWaitingStepsOnceEveryThreadHangs() throws Exception {
        var hanging = hang(SIZE + StepPool.MOST_OVERDUE);
        var waiting = run(() -> {});
        for (var step : hanging) {
            assertThat(end(step)).containsInstanceOf(TimeoutException.class);
        }

        assertThat(end(waiting)).containsInstanceOf(RejectedExecutionException.class);
        assertThat(end(run(() -> {}))).containsInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aStepThatWouldStartSomethingIsRefusedOnceTheThreadsAreClosed() throws Exception {
        workers.close();
        var ended = new CompletableFuture<Optional<Throwable>>();

        workers.starting().run(() -> {}, ended::complete);

        assertThat(end(ended)).containsInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aStepThatReleasesSomethingRunsEvenIfTheThreadsAreClosed() throws Exception {
        workers.close();
        var done = new CompletableFuture<Thread>();

        assertThat(end(run(() -> done.complete(Thread.currentThread())))).isEmpty();

        assertThat(done.join().isDaemon()).isTrue();
    }

    @Test
    void rejectsAStepThatWaitsWhenTheThreadsAreClosed() throws Exception {
        // A limit that this test never reaches.
        var patient = Workers.start(new LifetimeSettings(Duration.ofMinutes(1), Duration.ofMinutes(1), 1));
        var running = new CompletableFuture<Optional<Throwable>>();
        var waiting = new CompletableFuture<Optional<Throwable>>();
        patient.starting().run(() -> Hang.deafUntil(released), running::complete);
        patient.starting().run(() -> {}, waiting::complete);

        patient.close();
        released.countDown();

        assertThat(end(running)).isEmpty();
        assertThat(end(waiting)).containsInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aStepThatBeginsWhenTheTimerIsClosedStillEnds() throws Exception {
        var timer = new ScheduledThreadPoolExecutor(1);
        timer.shutdownNow();
        var ended = new CompletableFuture<Optional<Throwable>>();

        new StepPool(SIZE, Duration.ofMinutes(1), Runnable::run, timer).run(() -> {}, ended::complete);

        assertThat(end(ended)).isEmpty();
    }

    @Test
    void stepsThatStartDoNotWaitForStepsThatRelease() throws Exception {
        var started = new CompletableFuture<Optional<Throwable>>();
        // A limit that this test never reaches.
        try (var patient = Workers.start(new LifetimeSettings(Duration.ofMinutes(1), Duration.ofMinutes(1), SIZE))) {
            for (var i = 0; i < 2 * SIZE; i++) {
                patient.releasing().run(() -> Hang.deafUntil(released), end -> {});
            }

            patient.starting().run(() -> {}, started::complete);

            assertThat(end(started)).isEmpty();
            released.countDown();
        }
    }
}
