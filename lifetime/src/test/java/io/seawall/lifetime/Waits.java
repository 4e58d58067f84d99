package io.seawall.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Bounded waits for futures. */
final class Waits {
    /** Far above what any test here takes, so that only a hang reaches it. */
    static final Duration BOUND = Duration.ofSeconds(10);

    private Waits() {}

    static void succeeds(CompletableFuture<Void> future) throws Exception {
        future.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    static WalException fails(CompletableFuture<Void> future) throws InterruptedException, TimeoutException {
        try {
            future.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WalException known) {
                return known;
            }
            throw new AssertionError("not one of our errors", e);
        }
        throw new AssertionError("it succeeded");
    }

    static WalException failsWith(ErrorCode code, CompletableFuture<Void> future)
            throws InterruptedException, TimeoutException {
        var error = fails(future);
        assertThat(error.code()).isEqualTo(code);
        return error;
    }
}
