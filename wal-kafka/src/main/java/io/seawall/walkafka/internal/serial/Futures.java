package io.seawall.walkafka.internal.serial;

import io.seawall.wal.FutureErrors;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Listens to futures and waits for them. */
public final class Futures {
    private Futures() {}

    /** Calls a listener, which must not throw, when a future completes. */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener gets the error; nothing else can be lost
    public static <T> void listen(CompletableFuture<T> future, BiConsumer<T, @Nullable Throwable> listener) {
        future.whenComplete(listener);
    }

    /** The same on an executor. If the executor is closed, the listener runs on the completing thread. */
    public static <T> void listenOn(
            Executor executor, CompletableFuture<T> future, BiConsumer<T, @Nullable Throwable> listener) {
        listen(future, (value, error) -> {
            try {
                executor.execute(() -> listener.accept(value, error));
            } catch (RejectedExecutionException closing) {
                listener.accept(value, error);
            }
        });
    }

    /** Waits for a future that never fails, for a bounded time. Returns null if it completed, else why not. */
    public static @Nullable String reasonNotDone(CompletableFuture<?> future, Duration longest) {
        try {
            future.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (TimeoutException late) {
            return "took longer than " + longest;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "was interrupted";
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("a future that must not fail has failed", impossible);
        }
    }

    /** Waits for a future whose work runs on this thread, or ends soon on another one. Throws its error unwrapped. */
    public static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException wrapped) {
            if (FutureErrors.unwrapped(wrapped) instanceof RuntimeException error) {
                throw error;
            }
            throw wrapped;
        }
    }
}
