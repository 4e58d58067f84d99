package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedRequestsTest {
    private final List<CompletableFuture<String>> sent = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final SharedRequests<String, String> requests = new SharedRequests<>(key -> {
        keys.add(key);
        var answer = new CompletableFuture<String>();
        sent.add(answer);
        return answer;
    });

    @Test
    void callersThatComeWhileARequestIsUnderWayShareTheNextOne() {
        var first = requests.ask("orders");
        var second = requests.ask("orders");
        var third = requests.ask("orders");
        assertThat(sent).hasSize(1);

        sent.get(0).complete("old");
        assertThat(first).isCompletedWithValue("old");
        assertThat(second).as("it asked after the first request was sent").isNotDone();
        assertThat(sent).hasSize(2);

        sent.get(1).complete("new");
        assertThat(second).isCompletedWithValue("new");
        assertThat(third).isCompletedWithValue("new");
        assertThat(sent).hasSize(2);
    }

    @Test
    void aCallerThatComesAfterTheAnswerSendsARequestOfItsOwn() {
        var first = requests.ask("orders");
        sent.get(0).complete("old");

        var later = requests.ask("orders");
        sent.get(1).complete("new");

        assertThat(first).isCompletedWithValue("old");
        assertThat(later).isCompletedWithValue("new");
    }

    @Test
    void otherKeysDoNotWait() {
        var unused = requests.ask("orders");
        var other = requests.ask("payments");

        assertThat(keys).containsExactly("orders", "payments");
        sent.get(1).complete("there");
        assertThat(other).isCompletedWithValue("there");
    }

    @Test
    void anErrorIsForThoseWhoseRequestItWas() {
        var first = requests.ask("orders");
        var second = requests.ask("orders");

        sent.get(0).completeExceptionally(new IllegalStateException("gone"));
        assertThatThrownBy(first::join).isInstanceOf(CompletionException.class).hasMessageContaining("gone");

        sent.get(1).complete("there");
        assertThat(second).isCompletedWithValue("there");
    }

    @Test
    void aCallerThatGivesUpLeavesTheOthersAlone() {
        var unused = requests.ask("orders");
        var impatient = requests.ask("orders");
        var patient = requests.ask("orders");

        impatient.cancel(false);
        sent.get(0).complete("old");
        sent.get(1).complete("new");

        assertThat(patient).isCompletedWithValue("new");
    }

    @Test
    void aRequestThatCannotBeSentFailsItsCallersAndNoOthers() {
        var failing = new SharedRequests<String, String>(key -> {
            throw new IllegalStateException("closed");
        });

        assertThatThrownBy(failing.ask("orders")::join).hasMessageContaining("closed");
        assertThatThrownBy(failing.ask("orders")::join).hasMessageContaining("closed");
    }

    /** Whatever the order of threads: each caller gets the answer to a request that was sent after it asked. */
    @Test
    void answersAreNeverOlderThanTheirCallers() throws Exception {
        var clock = new AtomicLong();
        var threads = Executors.newFixedThreadPool(6);
        try {
            var shared = new SharedRequests<String, Long>(key -> {
                var sentAt = clock.incrementAndGet();
                return CompletableFuture.supplyAsync(() -> sentAt, threads);
            });
            var start = new CyclicBarrier(4);
            var callers = new ArrayList<CompletableFuture<Void>>();
            for (var caller = 0; caller < 4; caller++) {
                callers.add(CompletableFuture.runAsync(() -> askOften(shared, clock, start), threads));
            }
            for (var caller : callers) {
                caller.get(50, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void askOften(SharedRequests<String, Long> shared, AtomicLong clock, CyclicBarrier start) {
        try {
            start.await(20, TimeUnit.SECONDS);
            for (var round = 0; round < 2_000; round++) {
                var askedAt = clock.incrementAndGet();
                assertThat(shared.ask("orders").get(20, TimeUnit.SECONDS)).isGreaterThan(askedAt);
            }
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
