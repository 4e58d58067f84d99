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

/** Callers' code runs behind the mailbox, one answer after the other, and holds up nothing but its own thread. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnswersTest {
    private final Deque<Runnable> pool = new ArrayDeque<>();
    private final Deque<Runnable> looks = new ArrayDeque<>();
    private final Deque<Runnable> others = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> heldUp = new ArrayList<>();
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
        public void watch(Runnable look) {
            looks.add(look);
        }

        @Override
        public void takeOver(Runnable task, CompletableFuture<Void> back) {
            others.add(task);
            heldUp.add(back);
        }
    };
    private final CallerCompletions answers = new CallerCompletions(workers, bugs::add);
    private final Mailbox mailbox = new Mailbox(workers, bugs::add, answers);

    private void answer(Runnable task) {
        mailbox.execute(() -> answers.execute(task));
    }

    private static void run(Deque<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    /** What a timer does while code stands still: it looks now, and again a little later. */
    private void lookTwice() {
        for (var look = 0; look < 2; look++) {
            looks.remove().run();
        }
    }

    @Test
    void haveTheirTurnOnThePoolAfterEachTurnOfTheMailbox() {
        answer(() -> ran.add(1));
        pool.remove().run();
        assertThat(ran).containsExactly(1);

        mailbox.executeHere(() -> answers.execute(() -> ran.add(2)));
        assertThat(ran).as("never on a guest's thread").containsExactly(1);

        run(pool);
        assertThat(ran).containsExactly(1, 2);
    }

    /** A caller's code that waits for the log must not wait for itself. */
    @Test
    void theMailboxIsFreeWhileTheyAreGiven() {
        answer(() -> {
            mailbox.executeHere(() -> ran.add(1));
            ran.add(2);
        });

        pool.remove().run();

        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void areGivenInTheirOrderAndThePoolIsLeftToOthersNowAndThen() {
        IntStream.range(0, 1_000).forEach(number -> answers.execute(() -> ran.add(number)));

        answers.haveTurn();
        pool.remove().run();
        assertThat(ran).hasSizeLessThan(1_000);
        run(pool);

        assertThat(ran).hasSize(1_000).isSorted();
    }

    @Test
    void goOnAfterCodeThatFails() {
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
    void areAllGivenThoughThePoolIsClosed() {
        closed = true;
        IntStream.range(0, 1_000).forEach(number -> answers.execute(() -> ran.add(number)));

        answers.haveTurn();

        assertThat(ran).hasSize(1_000).isSorted();
    }

    /** The deadlock: the second answer would wait behind the code that waits for it. */
    @Test
    void codeThatWaitsForALaterAnswerGetsIt() {
        var later = new CompletableFuture<Integer>();
        answer(() -> {
            answer(() -> later.complete(2));
            run(pool); // the mailbox's turn, on another thread
            lookTwice();
            run(others);
            ran.add(later.getNow(-1));
        });

        run(pool);

        assertThat(ran).containsExactly(2);
        assertThat(heldUp).hasSize(1);
        assertThat(heldUp.get(0)).as("the thread is back").isCompleted();
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
            lookTwice();
            run(others);
            ran.add((int) appends.get(2).future().join().first());
        });
        for (var append : appends.subList(1, 3)) {
            Futures.listen(append.future(), (appended, impossible) -> ran.add((int) appended.first()));
        }

        mailbox.execute(() -> answers.complete(entries, 7));
        run(pool);

        assertThat(nested).isCompleted();
        assertThat(ran).as("each once, the others in their order").containsExactly(1, 2, 2);
    }

    @Test
    void aThreadThatComesBackLeavesTheRestToTheOther() {
        answer(() -> {
            answer(() -> ran.add(2));
            run(pool);
            lookTwice();
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
    void codeThatIsHeldUpWhileItIsInAnotherThreadsHandsIsTakenOverAgain() {
        answer(() -> {
            answer(() -> {
                answer(() -> ran.add(3));
                run(pool);
                lookTwice();
                run(others);
                ran.add(2);
            });
            run(pool);
            lookTwice();
            run(others);
            ran.add(1);
        });

        run(pool);

        assertThat(ran).containsExactly(3, 2, 1);
        assertThat(heldUp).hasSize(2).allMatch(CompletableFuture::isDone);
    }

    @Test
    void codeThatGetsOnIsNotTakenOver() {
        for (var number = 0; number < 10; number++) {
            answers.execute(() -> {
                ran.add(1);
                looks.remove().run(); // each looks at another step
            });
        }

        answers.haveTurn();
        run(pool);

        assertThat(ran).hasSize(10);
        assertThat(others).isEmpty();
    }

    @Test
    void nothingIsLookedAtOnceAllIsAnswered() {
        answer(() -> ran.add(1));
        run(pool);

        run(looks);

        assertThat(looks).isEmpty();
        assertThat(others).isEmpty();
    }
}
