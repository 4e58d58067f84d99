package io.seawall.lifetime;

import java.util.concurrent.CompletableFuture;

/** One caller of open or remove with its own future: cancelling it ends only this caller's waiting. */
final class Waiter {
    private final LifetimeState target;
    private final CompletableFuture<Void> future = new CompletableFuture<>();

    Waiter(LifetimeState target) {
        this.target = target;
    }

    /** Returns the state that the caller requested. */
    LifetimeState target() {
        return target;
    }

    CompletableFuture<Void> future() {
        return future;
    }
}
