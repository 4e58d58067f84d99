package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.WalException;

/** The events of the core, so that a test can plant a flaw in one of them. */
interface Rules {
    default Decision onRequest(Lifetime lifetime, Waiter waiter) {
        return lifetime.onRequest(waiter);
    }

    default Decision onWaiterGone(Lifetime lifetime, Waiter waiter) {
        return lifetime.onWaiterGone(waiter);
    }

    default Decision onShutdown(Lifetime lifetime) {
        return lifetime.onShutdown();
    }

    default Decision onOpened(Lifetime lifetime, FlushableWal wal) {
        return lifetime.onOpened(wal);
    }

    default Decision onOpenFailed(Lifetime lifetime, WalException failure) {
        return lifetime.onOpenFailed(failure);
    }

    default Decision onRegistered(Lifetime lifetime) {
        return lifetime.onRegistered();
    }

    default Decision onRegisterFailed(Lifetime lifetime, WalException failure, boolean mayBeRegistered) {
        return lifetime.onRegisterFailed(failure, mayBeRegistered);
    }

    default Decision onEnded(Lifetime lifetime, FlushableWal wal, WalException reason) {
        return lifetime.onEnded(wal, reason);
    }

    default Decision onUnregistered(Lifetime lifetime) {
        return lifetime.onUnregistered();
    }

    default Decision onClosed(Lifetime lifetime) {
        return lifetime.onClosed();
    }
}
