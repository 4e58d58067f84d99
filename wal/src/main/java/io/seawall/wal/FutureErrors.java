package io.seawall.wal;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Reads the errors of futures. Thread-safe. */
public final class FutureErrors {
    private FutureErrors() {}

    /**
     * Returns what was thrown, without the {@link CompletionException}s and {@link ExecutionException}s around it. A future adds
     * one each time its error passes to a dependent future or to a caller that waits, so the type of the error that a callback
     * receives depends on how the future was made.
     *
     * @param error what a callback received or a waiting call threw
     * @return the innermost cause; a wrapper without a cause is returned as it is
     */
    public static Throwable unwrapped(Throwable error) {
        var at = error;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }
}
