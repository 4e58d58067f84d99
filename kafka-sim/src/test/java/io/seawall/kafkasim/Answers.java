package io.seawall.kafkasim;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What is needed around the futures of the product. */
final class Answers {
    private Answers() {}

    /** Tells a listener, which notes violations and does not throw, how a future ends. */
    @SuppressWarnings("FutureReturnValueIgnored")
    static <T> void listen(CompletableFuture<T> future, BiConsumer<T, @Nullable Throwable> listener) {
        future.whenComplete(listener);
    }
}
