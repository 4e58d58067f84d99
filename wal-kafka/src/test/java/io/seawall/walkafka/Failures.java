package io.seawall.walkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.wal.WalException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What callers are told when something does not work out. */
final class Failures {
    private Failures() {}

    /** What a future failed with, which must have come to its end. */
    static WalException failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        var thrown = catchThrowableOfType(CompletionException.class, future::join);
        return (WalException) Objects.requireNonNull(thrown.getCause());
    }

    /** What a call failed with. */
    static WalException failure(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(WalException.class, call));
    }
}
