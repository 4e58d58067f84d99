package io.seawall.benchmarks;

import org.jspecify.annotations.Nullable;

/** Told how one append ended. */
interface Answer {
    /**
     * The append is acknowledged, or failed.
     *
     * @param error why it failed, or null
     */
    void on(@Nullable Throwable error);
}
