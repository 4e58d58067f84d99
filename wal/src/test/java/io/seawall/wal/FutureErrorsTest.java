package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FutureErrorsTest {
    private final IOException error = new IOException("the store does not answer");

    @Test
    void returnsAnErrorThatNothingWraps() {
        assertThat(FutureErrors.unwrapped(error)).isSameAs(error);
    }

    @Test
    void returnsTheErrorOfAFutureHoweverItIsRead() {
        var failed = CompletableFuture.failedFuture(error);
        var dependent = failed.thenApply(value -> value);

        assertThat(FutureErrors.unwrapped(catchThrowable(failed::join))).isSameAs(error);
        assertThat(FutureErrors.unwrapped(catchThrowable(dependent::join))).isSameAs(error);
        assertThat(FutureErrors.unwrapped(catchThrowable(() -> dependent.get(1, TimeUnit.SECONDS))))
                .isInstanceOf(IOException.class)
                .isSameAs(error);
        assertThat(dependent
                        .handle((value, seen) -> FutureErrors.unwrapped(seen))
                        .join())
                .isSameAs(error);
    }

    @Test
    void looksThroughSeveralWrappers() {
        var wrapped = new CompletionException(new ExecutionException(new CompletionException(error)));

        assertThat(FutureErrors.unwrapped(wrapped)).isSameAs(error);
    }

    @Test
    void keepsTheCausesOfTheErrorItself() {
        var withCause = new IllegalStateException("cannot read", error);

        assertThat(FutureErrors.unwrapped(new CompletionException(withCause))).isSameAs(withCause);
    }

    @Test
    void returnsAWrapperThatHasNoCause() {
        var bare = new CompletionException("the round is invalid", null);

        assertThat(FutureErrors.unwrapped(bare)).isSameAs(bare);
    }
}
