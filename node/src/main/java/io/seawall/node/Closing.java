package io.seawall.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes a node, and stops waiting for that when Kafka does not answer: then logs cannot be closed cleanly nor handed over, and each
 * step would wait for its own time limit (decision 100). Used once, by one thread.
 */
final class Closing {
    /** One broker that hangs may have been asked first. The client asks another one after that. */
    private static final int MOST_SILENCES = 2;

    /** How long the parts that need no Kafka have, once Kafka does not answer. */
    private static final Duration GRACE = Duration.ofMillis(300);

    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

    private final Supplier<CompletableFuture<?>> askKafka;
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    private final Thread closer;
    private boolean interrupted;

    /**
     * Creates an instance that has not begun.
     *
     * @param askKafka sends Kafka a request; fails within about a second if it does not answer
     * @param close closes everything; an interrupt makes it hurry. It goes on in the background if it is not waited for
     */
    Closing(Supplier<CompletableFuture<?>> askKafka, Runnable close) {
        this.askKafka = askKafka;
        this.closer = new Thread(
                () -> {
                    try {
                        close.run();
                    } finally {
                        closed.complete(true);
                    }
                },
                "seawall-close");
        closer.setDaemon(true);
    }

    /**
     * Closes. An interrupt is passed on to what closes, and the flag is set again at the end.
     *
     * @return whether everything is closed
     */
    boolean run() {
        closer.start();
        var whole = waitWhileKafkaAnswers();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return whole;
    }

    private boolean waitWhileKafkaAnswers() {
        var silences = 0;
        while (!closed.isDone() && silences < MOST_SILENCES) {
            var answers = askKafka.get().handle((answer, error) -> error == null);
            if (Boolean.TRUE.equals(value(CompletableFuture.anyOf(closed, answers), null))) {
                silences = 0;
                value(closed, BETWEEN_QUESTIONS);
            } else {
                silences++;
            }
        }
        return Boolean.TRUE.equals(value(closed, GRACE));
    }

    /** Waits for a future that does not fail; returns null if it takes longer than the limit. */
    private @Nullable Object value(CompletableFuture<?> future, @Nullable Duration limit) {
        while (true) {
            try {
                return limit == null ? future.get() : future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                return null;
            } catch (InterruptedException hurry) {
                interrupted = true;
                closer.interrupt();
            } catch (ExecutionException impossible) {
                throw new IllegalStateException("a future that cannot fail has failed", impossible);
            }
        }
    }
}
