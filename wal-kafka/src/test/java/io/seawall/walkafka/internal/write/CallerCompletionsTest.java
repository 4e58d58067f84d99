package io.seawall.walkafka.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.AppendRequest;
import io.seawall.walkafka.internal.fake.TestRecords;
import io.seawall.walkafka.internal.lease.InFlight;
import io.seawall.walkafka.internal.lease.PendingAppend;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.internal.serial.Mailbox;
import io.seawall.walkafka.port.Workers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that callers' code runs after the mailbox's turn, one answer after the other, and blocks only its own thread. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallerCompletionsTest {
    private final Deque<Runnable> pool = new ArrayDeque<>();
    private final Deque<Runnable> checks = new ArrayDeque<>();
    private final Deque<Runnable> others = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> blocked = new ArrayList<>();
    private final List<RuntimeException> bugs = new ArrayList<>();
    private final List<Integer> ran = new ArrayList<>();
    private boolean closed;

    private final Workers workers = new Workers() {
        @Override
        public void execute(Runnable task) {
            if (closed) {
                throw new RejectedExecutionException("planted");
            }
            pool.add(task);
        }

        @Override
        public void watch(Runnable check) {
            checks.add(check);
        }

        @Override
        public void takeOver(Runnable task, CompletableFuture<Void> back) {
            others.add(task);
            blocked.add(back);
        }
    };
    private final CallerCompletions completions = new CallerCompletions(workers, bugs::add);
    private final Mailbox mailbox = new Mailbox(workers, bugs::add, completions);

    private void answer(Runnable task) {
        mailbox.execute(() -> completions.execute(task));
    }

    private static void run(Deque<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    /** Runs two checks, as a timer does while code blocks. */
    private void checkTwice() {
        for (var check = 0; check < 2; check++) {
            checks.remove().run();
        }
    }

    @Test
    void answersRunOnThePoolAfterEachTurnOfTheMailbox() {
        answer(() -> ran.add(1));
        pool.remove().run();
        assertThat(ran).containsExactly(1);

        mailbox.executeHere(() -> completions.execute(() -> ran.add(2)));
        assertThat(ran).as("never on the thread that posts").containsExactly(1);

        run(pool);
        assertThat(ran).containsExactly(1, 2);
    }

    /** A caller's code that waits for the log must not wait for itself. */
    @Test
    void aCallersCodeMayUseTheMailbox() {
        answer(() -> {
            mailbox.executeHere(() -> ran.add(1));
            ran.add(2);
        });

        pool.remove().run();

        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void answersKeepTheirOrderAndReturnThePoolsThreadNowAndThen() {
        IntStream.range(0, 1_000).forEach(number -> completions.execute(() -> ran.add(number)));

        completions.runOnPool();
        pool.remove().run();
        assertThat(ran).hasSizeLessThan(1_000);
        run(pool);

        assertThat(ran).hasSize(1_000).isSorted();
    }

    @Test
    void codeThatFailsDoesNotStopTheOtherAnswers() {
        answer(() -> {
            throw new IllegalStateException("planted");
        });
        answer(() -> {
            throw new StackOverflowError("planted");
        });
        answer(() -> ran.add(1));

        run(pool);

        assertThat(bugs).hasSize(2);
        assertThat(ran).containsExactly(1);
    }

    @Test
    void allAnswersAreGivenAfterThePoolIsClosed() {
        closed = true;
        IntStream.range(0, 1_000).forEach(number -> completions.execute(() -> ran.add(number)));

        completions.runOnPool();

        assertThat(ran).hasSize(1_000).isSorted();
    }

    /** Without a takeover this is a deadlock: the second answer would wait for the code that waits for it. */
    @Test
    void codeThatWaitsForALaterAnswerGetsIt() {
        var later = new CompletableFuture<Integer>();
        answer(() -> {
            answer(() -> later.complete(2));
            run(pool); // the mailbox's turn, on another thread
            checkTwice();
            run(others);
            ran.add(later.getNow(-1));
        });

        run(pool);

        assertThat(ran).containsExactly(2);
        assertThat(blocked).hasSize(1);
        assertThat(blocked.get(0)).as("the thread is back").isCompleted();
    }

    @Test
    void codeThatWaitsForAnAnswerThatCameWithItsOwnGetsIt() {
        var appends = IntStream.range(0, 3)
                .mapToObj(number -> PendingAppend.of(AppendRequest.of(List.of(TestRecords.record("v" + number)))))
                .toList();
        var entries = IntStream.range(0, 3)
                .mapToObj(number -> new InFlight.Entry(appends.get(number), number, 1, 65))
                .toList();
        var nested = appends.get(0).future().thenAccept(first -> {
            checkTwice();
            run(others);
            ran.add((int) appends.get(2).future().join().first());
        });
        for (var append : appends.subList(1, 3)) {
            Futures.listen(append.future(), (appended, impossible) -> ran.add((int) appended.first()));
        }

        mailbox.execute(() -> completions.complete(entries, 7));
        run(pool);

        assertThat(nested).isCompleted();
        assertThat(ran).as("each once, the others in their order").containsExactly(1, 2, 2);
    }

    @Test
    void aThreadThatComesBackLeavesTheRestToTheTurnThatTookOver() {
        answer(() -> {
            answer(() -> ran.add(2));
            run(pool);
            checkTwice();
            ran.add(1);
        });
        run(pool);
        assertThat(ran).as("the other thread has not begun").containsExactly(1);

        run(others);
        answer(() -> ran.add(3));
        run(pool);

        assertThat(ran).containsExactly(1, 2, 3);
    }

    @Test
    void aTurnThatTookOverIsTakenOverIfItBlocksToo() {
        answer(() -> {
            answer(() -> {
                answer(() -> ran.add(3));
                run(pool);
                checkTwice();
                run(others);
                ran.add(2);
            });
            run(pool);
            checkTwice();
            run(others);
            ran.add(1);
        });

        run(pool);

        assertThat(ran).containsExactly(3, 2, 1);
        assertThat(blocked).hasSize(2).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aTurnThatMakesProgressIsNotTakenOver() {
        for (var number = 0; number < 10; number++) {
            completions.execute(() -> {
                ran.add(1);
                checks.remove().run(); // each check finds another step
            });
        }

        completions.runOnPool();
        run(pool);

        assertThat(ran).hasSize(10);
        assertThat(others).isEmpty();
    }

    @Test
    void noCheckIsScheduledOnceAllIsAnswered() {
        answer(() -> ran.add(1));
        run(pool);

        run(checks);

        assertThat(checks).isEmpty();
        assertThat(others).isEmpty();
    }
}
