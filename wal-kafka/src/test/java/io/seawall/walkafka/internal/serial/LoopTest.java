package io.seawall.walkafka.internal.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests that steps run one after the other, whether a step ends at once, later or with an error. */
class LoopTest {
    private final AtomicInteger steps = new AtomicInteger();

    @Test
    void manyStepsThatCompleteAtOnceDoNotGrowTheStack() {
        var loop = Loop.until(() -> steps.get() == 1_000_000, () -> {
            steps.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        });

        assertThat(loop).isCompleted();
    }

    @Test
    void theNextStepWaitsForTheOneBefore() {
        var pending = new ArrayList<CompletableFuture<Void>>();
        var loop = Loop.until(() -> pending.size() == 3, () -> {
            pending.add(new CompletableFuture<>());
            return pending.get(pending.size() - 1);
        });
        assertThat(pending).hasSize(1);

        List.copyOf(pending).get(0).complete(null);
        assertThat(pending).hasSize(2);
        pending.get(1).complete(null);
        assertThat(loop).isNotDone();
        pending.get(2).complete(null);

        assertThat(loop).isCompleted();
    }

    @Test
    void runsNoStepIfItIsDoneAtOnce() {
        assertThat(Loop.until(() -> true, () -> CompletableFuture.completedFuture(steps.incrementAndGet())))
                .isCompleted();
        assertThat(steps).hasValue(0);
    }

    @Test
    void failsWithTheFirstErrorUnwrapped() {
        var planted = new IllegalStateException("planted");

        var atOnce = Loop.until(() -> false, () -> CompletableFuture.failedFuture(new CompletionException(planted)));
        var thrown = Loop.until(() -> false, () -> {
            throw planted;
        });
        var step = new CompletableFuture<Void>();
        var later = Loop.until(() -> false, () -> step);
        step.completeExceptionally(new CompletionException(planted));

        for (var loop : List.of(atOnce, thrown, later)) {
            assertThat(loop.handle((done, error) -> error)).isCompletedWithValue(planted);
        }
    }
}
