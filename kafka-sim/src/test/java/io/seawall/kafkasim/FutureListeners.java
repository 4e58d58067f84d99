package io.seawall.kafkasim;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Helpers for the product's futures. */
final class FutureListeners {
    private FutureListeners() {}

    /** Passes the result or the error of a future to a listener, which records violations and does not throw. */
    @SuppressWarnings("FutureReturnValueIgnored")
    static <T> void listen(CompletableFuture<T> future, BiConsumer<T, @Nullable Throwable> listener) {
        future.whenComplete(listener);
    }
}
