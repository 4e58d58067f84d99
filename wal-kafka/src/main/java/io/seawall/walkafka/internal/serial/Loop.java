package io.seawall.walkafka.internal.serial;

import io.seawall.wal.FutureErrors;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Repeats an asynchronous step. The stack does not grow, even if many steps complete immediately. */
public final class Loop {
    private final BooleanSupplier done;
    private final Supplier<CompletableFuture<?>> step;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    private Loop(BooleanSupplier done, Supplier<CompletableFuture<?>> step) {
        this.done = done;
        this.step = step;
    }

    /**
     * Repeats {@code step} until {@code done} returns true, which is checked before each step.
     *
     * @return completes when done; fails with the first error of a step
     */
    public static CompletableFuture<Void> until(BooleanSupplier done, Supplier<CompletableFuture<?>> step) {
        var loop = new Loop(done, step);
        loop.run();
        return loop.result;
    }

    private void run() {
        try {
            while (!done.getAsBoolean()) {
                var next = step.get();
                if (!next.isDone()) {
                    Futures.listen(next, (value, error) -> resume(error));
                    return;
                }
                next.join();
            }
            result.complete(null);
        } catch (RuntimeException error) {
            result.completeExceptionally(FutureErrors.unwrapped(error));
        }
    }

    private void resume(@Nullable Throwable error) {
        if (error == null) {
            run();
        } else {
            result.completeExceptionally(FutureErrors.unwrapped(error));
        }
    }
}
