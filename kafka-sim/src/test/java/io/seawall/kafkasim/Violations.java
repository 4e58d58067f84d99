package io.seawall.kafkasim;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The first promise that a run broke. It is recorded and not thrown, because the product's own threads would swallow it.
 */
public final class Violations {
    private @Nullable String first;

    public void check(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            report(otherwise.get());
        }
    }

    public void report(String what) {
        if (first == null) {
            first = what;
        }
    }

    /** Returns the first broken promise, or null. */
    public @Nullable String first() {
        return first;
    }
}
