package io.seawall.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/** Called when an append ends. */
public interface AppendCallback {
    /**
     * The append was acknowledged or failed.
     *
     * @param error why it failed, or null
     */
    void on(@Nullable Throwable error);
}
