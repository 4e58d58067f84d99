package io.seawall.walkafka.internal.serial;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests callers that wait for a number, and the executor that answers them. */
class WaitersTest {
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private final Waiters<String> waiters = new Waiters<>(answers::add);

    @Test
    void answersOnlyCallersWhoseNumberIsReached() {
        var three = waiting(3);
        var five = waiting(5);

        waiters.reached(4, "four");
        runAnswers();

        assertThat(three).isCompletedWithValue("four");
        assertThat(five).isNotDone();
        assertThat(waiters.highest()).isEqualTo(5);
        waiters.reached(5, "five");
        runAnswers();
        assertThat(three).as("only once").isCompletedWithValue("four");
        assertThat(five).isCompletedWithValue("five");
        assertThat(waiters.isEmpty()).isTrue();
    }

    @Test
    void answersOnTheExecutorOnly() {
        var one = waiting(1);

        waiters.reached(1, "one");

        assertThat(one).isNotDone();
        runAnswers();
        assertThat(one).isCompleted();
    }

    @Test
    void postsNothingIfNoNumberIsReached() {
        waiters.reached(7, "nobody waits");
        var nine = waiting(9);
        waiters.reached(8, "not yet");

        assertThat(answers).isEmpty();
        assertThat(nine).isNotDone();
    }

    @Test
    void aMovedCallerWaitsForTheNewNumberOnly() {
        var early = waiting(1_000);
        var late = waiting(2_000);

        waiters.moveTo(2); // as when another writer counts from 0
        waiters.reached(1, "one");
        runAnswers();
        assertThat(early).isNotDone();
        waiters.reached(2, "two");
        runAnswers();

        assertThat(early).isCompletedWithValue("two");
        assertThat(late).isCompletedWithValue("two");
    }

    @Test
    void failsAllCallers() {
        var one = waiting(1);
        var two = waiting(2);
        var why = Problem.of(ErrorCode.FENCED, "wait").exception();

        waiters.fail(why);
        waiters.reached(2, "too late");
        runAnswers();

        assertThat(failure(one)).isSameAs(why);
        assertThat(failure(two)).isSameAs(why);
        assertThat(waiters.highest()).isEqualTo(-1);
    }

    private CompletableFuture<String> waiting(long number) {
        var future = new CompletableFuture<String>();
        waiters.add(number, future);
        return future;
    }

    private void runAnswers() {
        while (!answers.isEmpty()) {
            answers.remove().run();
        }
    }
}
