package io.seawall.lifetime;

import java.util.concurrent.CompletableFuture;

/** One caller of open or remove, with a future of its own: cancelling it ends this caller's waiting and nothing else. */
final class Waiter {
    private final LifetimeState target;
    private final CompletableFuture<Void> future = new CompletableFuture<>();

    Waiter(LifetimeState target) {
        this.target = target;
    }

    /** The state that the caller asked for. */
    LifetimeState target() {
        return target;
    }

    CompletableFuture<Void> future() {
        return future;
    }
}
