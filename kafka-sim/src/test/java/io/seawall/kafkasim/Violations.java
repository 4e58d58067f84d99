package io.seawall.kafkasim;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The first promise that a run broke. It is recorded and not thrown, because the product's own threads would swallow it.
 */
final class Violations {
    private @Nullable String first;

    void check(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            report(otherwise.get());
        }
    }

    void report(String what) {
        if (first == null) {
            first = what;
        }
    }

    @Nullable
    String first() {
        return first;
    }
}
