package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.WalException;
import java.util.Optional;

/**
 * An action that a decision asks for. All but {@link Answer} and {@link CancelOpen} lead to an event for the {@link Lifetime}.
 */
sealed interface Action {
    /** Starts an opening; leads to {@link Lifetime#onOpened} or {@link Lifetime#onOpenFailed}. */
    record StartOpen(long term) implements Action {}

    /** Asks the opening in progress to stop; it ends with one of its usual events. */
    record CancelOpen() implements Action {}

    /**
     * Registers the log with the flusher; leads to {@link Lifetime#onRegistered} or {@link Lifetime#onRegisterFailed}.
     */
    record Register(FlushableWal wal) implements Action {}

    /** Unregisters the log from the flusher; leads to {@link Lifetime#onUnregistered}. */
    record Unregister(FlushableWal wal) implements Action {}

    /** Closes the log; leads to {@link Lifetime#onClosed}. */
    record CloseWal(FlushableWal wal) implements Action {}

    /** Completes a caller's future, with the error if there is one. Each waiter is answered once. */
    record Answer(Waiter waiter, Optional<WalException> error) implements Action {}
}
