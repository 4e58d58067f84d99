package io.seawall.walkafka.internal.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that tasks run one at a time and in order, also if tasks fail or the pool is closed. */
class MailboxTest {
    private final Deque<Runnable> pool = new ArrayDeque<>();
    private final List<RuntimeException> bugs = new ArrayList<>();
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void runsTasksInTheOrderOfPosting() {
        var mailbox = new Mailbox(pool::add, bugs::add);

        IntStream.range(0, 1_000).forEach(number -> mailbox.execute(() -> ran.add(number)));
        runPool();

        assertThat(ran).hasSize(1_000).isSorted();
    }

    @Test
    void yieldsThePoolAfterATurn() {
        var mailbox = new Mailbox(pool::add, bugs::add);
        IntStream.range(0, 1_000).forEach(number -> mailbox.execute(() -> ran.add(number)));

        pool.remove().run();

        assertThat(ran).hasSizeLessThan(1_000);
        assertThat(pool).hasSize(1);
    }

    @Test
    void aTaskThatPostsAnotherOneRunsToItsEndFirst() {
        var mailbox = new Mailbox(Runnable::run, bugs::add);

        mailbox.execute(() -> {
            mailbox.execute(() -> ran.add(2));
            ran.add(1);
        });

        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void continuesAfterATaskThatFailed() {
        var mailbox = new Mailbox(pool::add, bugs::add);
        mailbox.execute(() -> {
            throw new IllegalStateException("planted");
        });
        mailbox.execute(() -> {
            throw new StackOverflowError("planted");
        });
        mailbox.execute(() -> ran.add(1));

        runPool();

        assertThat(ran).containsExactly(1);
        assertThat(bugs).hasSize(2);
    }

    @Test
    void executeHereRunsTheTaskOnThisThread() {
        var mailbox = new Mailbox(pool::add, bugs::add);

        mailbox.executeHere(() -> ran.add(1));

        assertThat(ran).containsExactly(1);
        assertThat(pool).isEmpty();
    }

    @Test
    void executeHereLeavesTheTaskToATurnInProgress() {
        var mailbox = new Mailbox(pool::add, bugs::add);
        mailbox.execute(() -> ran.add(1));

        mailbox.executeHere(() -> ran.add(2));
        assertThat(ran).isEmpty();

        runPool();
        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void executeHereLeavesTheRestToThePool() {
        var mailbox = new Mailbox(pool::add, bugs::add);

        mailbox.executeHere(() -> IntStream.range(0, 100).forEach(number -> mailbox.execute(() -> ran.add(number))));

        assertThat(ran).hasSizeLessThan(100);
        runPool();
        assertThat(ran).hasSize(100).isSorted();
    }

    @Test
    void runsEverythingEvenIfThePoolIsClosed() {
        Executor closed = task -> {
            throw new RejectedExecutionException("planted");
        };
        var mailbox = new Mailbox(closed, bugs::add);

        IntStream.range(0, 1_000).forEach(number -> mailbox.execute(() -> ran.add(number)));

        assertThat(ran).hasSize(1_000).isSorted();
    }

    @Test
    void runsTheRestIfThePoolClosesBetweenTwoTurns() {
        var accepted = new AtomicInteger();
        var mailbox = new Mailbox(
                task -> {
                    if (accepted.getAndIncrement() > 0) {
                        throw new RejectedExecutionException("planted");
                    }
                    pool.add(task);
                },
                bugs::add);
        IntStream.range(0, 1_000).forEach(number -> mailbox.execute(() -> ran.add(number)));

        runPool();

        assertThat(ran).hasSize(1_000).isSorted();
    }

    @Test
    @Timeout(10)
    void keepsTheOrderOfEachThreadAndNeverRunsTwoTasksAtOnce() throws InterruptedException {
        var threads = Executors.newFixedThreadPool(4);
        var inside = new AtomicInteger();
        var overlaps = new AtomicInteger();
        var done = new CountDownLatch(4_000);
        var seen = Collections.synchronizedList(new ArrayList<int[]>());
        try {
            var mailbox = new Mailbox(threads, bugs::add);
            for (var thread = 0; thread < 4; thread++) {
                var from = thread;
                threads.execute(() -> IntStream.range(0, 1_000)
                        .forEach(number -> post(mailbox, number, () -> {
                            overlaps.addAndGet(inside.getAndIncrement());
                            seen.add(new int[] {from, number});
                            inside.decrementAndGet();
                            done.countDown();
                        })));
            }
            assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }

        assertThat(overlaps).hasValue(0);
        for (var thread = 0; thread < 4; thread++) {
            var from = thread;
            assertThat(seen.stream()
                            .filter(pair -> pair[0] == from)
                            .map(pair -> pair[1])
                            .toList())
                    .isSorted();
        }
    }

    private void runPool() {
        while (!pool.isEmpty()) {
            pool.remove().run();
        }
    }

    private static void post(Mailbox mailbox, int number, Runnable task) {
        if (number % 2 == 0) {
            mailbox.execute(task);
        } else {
            mailbox.executeHere(task);
        }
    }
}
