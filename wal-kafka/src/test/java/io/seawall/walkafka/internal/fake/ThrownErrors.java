package io.seawall.walkafka.internal.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.wal.WalException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Returns the errors that callers get. */
public final class ThrownErrors {
    private ThrownErrors() {}

    /** Returns the error of a future, which must have failed. */
    public static WalException failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        var thrown = catchThrowableOfType(CompletionException.class, future::join);
        return (WalException) Objects.requireNonNull(thrown.getCause());
    }

    /** Returns the error that a call throws. */
    public static WalException failure(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(WalException.class, call));
    }
}
