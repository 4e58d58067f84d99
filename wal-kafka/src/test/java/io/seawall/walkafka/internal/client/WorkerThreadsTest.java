package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.fake.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerThreadsTest {
    private static final int USUAL = 2;

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<CompletableFuture<Void>> back = IntStream.range(0, 3 * USUAL)
            .mapToObj(number -> new CompletableFuture<Void>())
            .toList();
    private final WorkerThreads workers = new WorkerThreads(
            USUAL,
            task -> {
                var thread = new Thread(task, "worker-threads-test");
                thread.setDaemon(true);
                threads.add(thread);
                return thread;
            },
            Runnable::run,
            new ManualTime());

    @AfterEach
    void close() {
        go.countDown();
        workers.shutdown();
    }

    private void holdUp(int number) throws InterruptedException {
        var begun = new CountDownLatch(1);
        workers.execute(() -> {
            begun.countDown();
            await(go);
            back.get(number).complete(null);
        });
        assertThat(begun.await(30, TimeUnit.SECONDS))
                .as("a thread for task " + number)
                .isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void replacesABlockedThreadUntilItIsFree() throws InterruptedException {
        for (var number = 0; number < 3 * USUAL; number++) {
            holdUp(number);
            workers.takeOver(() -> {}, back.get(number));
        }
        assertThat(threads).hasSize(3 * USUAL);

        go.countDown();

        Awaitility.await("as many threads as usual")
                .atMost(Duration.ofSeconds(30))
                .until(() -> threads.stream().filter(Thread::isAlive).count() <= USUAL);
        var done = new CountDownLatch(100);
        IntStream.range(0, 100).forEach(number -> workers.execute(done::countDown));
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTaskThatTakesOverRunsBesideTheBlockedThreads() throws InterruptedException {
        holdUp(0);
        holdUp(1);
        var ran = new CompletableFuture<Thread>();

        workers.takeOver(() -> ran.complete(Thread.currentThread()), back.get(0));

        assertThat(ran).isCompletedWithValue(Thread.currentThread());
    }
}
