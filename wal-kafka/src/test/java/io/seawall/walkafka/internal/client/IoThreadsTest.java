package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IoThreadsTest {
    private static final int MOST = 100;

    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final ExecutorService pool = IoThreads.upTo(MOST, task -> {
        made.incrementAndGet();
        var thread = new Thread(task, "io-threads-test");
        thread.setDaemon(true);
        return thread;
    });

    @AfterEach
    void close() {
        stuck.countDown();
        pool.shutdownNow();
    }

    private void fill(int count) throws InterruptedException {
        var begun = new CountDownLatch(count);
        for (var number = 0; number < count; number++) {
            pool.execute(() -> {
                begun.countDown();
                await(stuck);
            });
        }
        begun.await();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTaskDoesNotWaitForStuckTasks() throws InterruptedException {
        fill(MOST - 1);
        var done = new CountDownLatch(1);

        pool.execute(done::countDown);

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tasksAboveTheBoundWaitAndNoneIsLost() throws InterruptedException {
        fill(MOST);
        var done = new CountDownLatch(1_000);
        for (var number = 0; number < 1_000; number++) {
            pool.execute(done::countDown);
        }
        assertThat(done.getCount()).as("tasks that wait").isEqualTo(1_000);
        assertThat(made).hasValue(MOST);

        stuck.countDown();

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(made).hasValue(MOST);
    }

    @Test
    void tasksThatFollowEachOtherShareAThread() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        for (var number = 0; number < 50; number++) {
            var done = new CountDownLatch(1);
            pool.execute(() -> {
                threads.add(Thread.currentThread());
                done.countDown();
            });
            done.await();
        }

        assertThat(threads).as("a thread that is not idle yet is not reused").hasSizeLessThan(10);
    }

    @Test
    void closingInterruptsStuckTasksAndRefusesNewOnes() throws InterruptedException {
        fill(3);

        IoThreads.close(pool, Duration.ofMillis(1));

        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void closingDoesNotInterruptATaskThatEndsInTime() throws InterruptedException {
        fill(3);
        var interrupted = new AtomicInteger();
        pool.execute(() -> {
            stuck.countDown();
            interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
        });

        IoThreads.close(pool, Duration.ofSeconds(30));

        assertThat(pool.isTerminated()).isTrue();
        assertThat(interrupted).hasValue(0);
    }
}
