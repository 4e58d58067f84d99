package io.seawall.lifetime;

import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.util.Optional;

/** What a decision asks for. All but {@link Answer} and {@link CancelOpen} end with an event back to the {@link Lifetime}. */
sealed interface Action {
    /** Start an opening: leads to {@link Lifetime#onOpened} or {@link Lifetime#onOpenFailed}. */
    record StartOpen(long term) implements Action {}

    /** Ask the opening under way to stop; it ends as any other. */
    record CancelOpen() implements Action {}

    /** Tell the flusher: leads to {@link Lifetime#onRegistered} or {@link Lifetime#onRegisterFailed}. */
    record Register(Wal wal) implements Action {}

    /** Make the flusher let go: leads to {@link Lifetime#onUnregistered}. */
    record Unregister(Wal wal) implements Action {}

    /** Close the log: leads to {@link Lifetime#onClosed}. */
    record CloseWal(Wal wal) implements Action {}

    /** Tell a caller how it ended; without an error it went well. Each waiter is answered once. */
    record Answer(Waiter waiter, Optional<WalException> error) implements Action {}
}
