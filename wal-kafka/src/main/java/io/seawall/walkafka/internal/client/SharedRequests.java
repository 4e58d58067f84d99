package io.seawall.walkafka.internal.client;

import io.seawall.walkafka.internal.serial.Futures;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers share requests. A caller that comes while a request for its key is under way gets the answer of the next one, and so
 * do all others that come meanwhile: each answer is to a request that was sent after its callers asked. Twenty logs of one topic that
 * open at the same time send two or three requests. Thread-safe.
 *
 * @param <K> what is asked for
 * @param <V> the answer
 */
final class SharedRequests<K, V> {
    private final Function<K, CompletableFuture<V>> request;
    private final Map<K, Turn<V>> turns = new HashMap<>(); // guarded by this; one for each key with a request under way

    /** The callers of one key. */
    private static final class Turn<V> {
        private CompletableFuture<V> sent = new CompletableFuture<>();
        private @Nullable CompletableFuture<V> next;
    }

    /**
     * Creates shared requests.
     *
     * @param request sends a request; does not block
     */
    SharedRequests(Function<K, CompletableFuture<V>> request) {
        this.request = request;
    }

    /**
     * Asks.
     *
     * @return the answer, or the error of the request; a caller that cancels it changes nothing for the others
     */
    CompletableFuture<V> ask(K key) {
        CompletableFuture<V> answer;
        synchronized (this) {
            var turn = turns.get(key);
            if (turn != null) {
                if (turn.next == null) {
                    turn.next = new CompletableFuture<>();
                }
                return turn.next.copy();
            }
            turn = new Turn<>();
            turns.put(key, turn);
            answer = turn.sent;
        }
        send(key, answer);
        return answer.copy();
    }

    private void send(K key, CompletableFuture<V> answer) {
        CompletableFuture<V> sent;
        try {
            sent = request.apply(key);
        } catch (RuntimeException error) {
            sent = CompletableFuture.failedFuture(error);
        }
        Futures.listen(sent, (value, error) -> {
            var next = next(key);
            if (error == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(error);
            }
            if (next != null) {
                send(key, next);
            }
        });
    }

    /** Returns the answer that callers wait for next, or null if there are none: then the next caller sends a request. */
    private synchronized @Nullable CompletableFuture<V> next(K key) {
        var turn = turns.get(key);
        if (turn == null || turn.next == null) {
            turns.remove(key);
            return null;
        }
        turn.sent = turn.next;
        turn.next = null;
        return turn.sent;
    }
}
