package io.seawall.flusher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SerialTaskTest {
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();

    @Test
    void requestsBeforeARunLeadToOneRun() {
        var task = new SerialTask(queue::add, () -> ran("a"));

        task.request();
        task.request();
        runAll();

        assertThat(ran).containsExactly("a");
    }

    @Test
    void aRequestDuringARunLeadsToOneMore() {
        var self = new AtomicReference<SerialTask>();
        var task = new SerialTask(queue::add, () -> {
            if (ran.isEmpty()) {
                requireNonNull(self.get()).request();
                requireNonNull(self.get()).request();
            }
            return ran("a");
        });
        self.set(task);

        task.request();
        runAll();

        assertThat(ran).containsExactly("a", "a");
    }

    @Test
    void aTaskThatGoesOnQueuesBehindOthers() {
        var task = new SerialTask(queue::add, () -> !ran.contains("b") && !ran("a"));
        var other = new SerialTask(queue::add, () -> ran("b"));

        task.request();
        other.request();
        runAll();

        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void aTaskThatThrewRunsAgainAtTheNextRequest() {
        var task = new SerialTask(queue::add, () -> {
            ran("a");
            throw new IllegalStateException("planted");
        });

        task.request();
        runAll();
        task.request();
        runAll();

        assertThat(ran).containsExactly("a", "a");
    }

    @Test
    void aTaskThatThrewAnErrorRunsAgainToo() {
        var task = new SerialTask(queue::add, () -> {
            ran("a");
            throw new AssertionError("planted");
        });

        task.request();
        runAll();
        task.request();
        runAll();

        assertThat(ran).containsExactly("a", "a");
    }

    /** No run is lost and no two overlap, whatever the threads do. */
    @RepeatedTest(5)
    void runsOnceAtATimeAndAfterTheLastRequest() throws Exception {
        var threads = 4;
        var pool = Executors.newFixedThreadPool(2 * threads);
        try {
            var requested = new AtomicInteger();
            var seen = new AtomicInteger();
            var inside = new AtomicInteger();
            var most = new AtomicInteger();
            var task = new SerialTask(pool, () -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                seen.set(requested.get());
                inside.decrementAndGet();
                return false;
            });
            var start = new CyclicBarrier(threads);
            var requesters = new ArrayList<Future<?>>();
            for (var i = 0; i < threads; i++) {
                requesters.add(pool.submit(() -> {
                    start.await();
                    for (var n = 0; n < 2_000; n++) {
                        requested.incrementAndGet();
                        task.request();
                    }
                    return null;
                }));
            }
            for (var requester : requesters) {
                requester.get(30, TimeUnit.SECONDS);
            }

            await().atMost(Duration.ofSeconds(30)).until(() -> seen.get() == 2_000 * threads);
            assertThat(most).hasValue(1);
        } finally {
            pool.shutdownNow();
        }
    }

    private boolean ran(String what) {
        ran.add(what);
        return false;
    }

    private void runAll() {
        for (var next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
        }
    }
}
