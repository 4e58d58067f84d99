package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ClosingTest {
    private static final CompletableFuture<?> ANSWER = CompletableFuture.completedFuture(null);

    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();

    private static CompletableFuture<?> noAnswer() {
        return CompletableFuture.failedFuture(new IllegalStateException("no broker answers"));
    }

    private void closeSlowly() {
        try {
            mayEnd.await();
        } catch (InterruptedException hurried) {
            interrupted.set(true);
        }
    }

    @Test
    void waitsForTheEndWhileKafkaAnswers() {
        // given: the second question is asked a second later; then everything ends
        var answers = new ArrayDeque<Runnable>(List.of(() -> {}, mayEnd::countDown));
        var closing = new Closing(
                () -> {
                    next(answers).run();
                    return ANSWER;
                },
                this::closeSlowly);

        assertThat(closing.run()).isTrue();

        assertThat(answers).isEmpty();
    }

    private static Runnable next(Deque<Runnable> answers) {
        var next = answers.poll();
        return next == null ? () -> {} : next;
    }

    @Test
    void doesNotWaitForAQuestionOnceAllIsClosed() {
        var closing = new Closing(CompletableFuture::new, () -> {});

        assertThat(closing.run()).isTrue();
    }

    @Test
    void oneQuestionWithoutAnAnswerDoesNotEndTheWaiting() {
        // given: a broker that hangs is asked first, and then one that answers
        var answers = new ArrayDeque<CompletableFuture<?>>(List.of(noAnswer(), ANSWER, noAnswer(), ANSWER));
        var closing = new Closing(
                () -> {
                    var next = answers.poll();
                    if (answers.isEmpty()) {
                        mayEnd.countDown();
                    }
                    return next == null ? ANSWER : next;
                },
                this::closeSlowly);

        assertThat(closing.run()).isTrue();
        assertThat(answers).isEmpty();
    }

    @Test
    void stopsWaitingOnceKafkaDoesNotAnswer() {
        var closing = new Closing(ClosingTest::noAnswer, this::closeSlowly);

        assertThat(closing.run()).isFalse();

        mayEnd.countDown();
    }

    @Test
    void waitsALittleForPartsThatNeedNoKafka() {
        var closing = new Closing(
                () -> {
                    mayEnd.countDown();
                    return noAnswer();
                },
                this::closeSlowly);

        assertThat(closing.run()).isTrue();
    }

    @Test
    void passesAnInterruptOnAndKeepsTheFlag() {
        var closing = new Closing(() -> ANSWER, this::closeSlowly);

        Thread.currentThread().interrupt();
        var whole = closing.run();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(whole).isTrue();
        assertThat(interrupted).isTrue();
    }
}
