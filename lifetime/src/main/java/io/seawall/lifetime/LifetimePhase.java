package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.WalException;
import java.util.Optional;

/**
 * The phase of a pchannel. A legal transition is a method of the phase that it leaves:
 *
 * <pre>
 *   Down ------> Opening ------> Registering ------> Up
 *    ^  ^           |                | |              |
 *    |  +- failed --+                | +-----------+  | next state, ended, shutdown
 *    |              | not wanted     | failed      v  v
 *    |              +-----> Closing <+---- Unregistering
 *    +-------------------------+
 * </pre>
 *
 * A log exists only from Registering to Closing.
 */
sealed interface LifetimePhase {
    LifetimeStep step();

    /**
     * Returns the state that is published. It changes when a phase is complete: unavailable means that the log is closed.
     */
    LifetimeState current();

    /** Returns why the pchannel is not available, if something failed. */
    Optional<WalException> cause();

    /** Nothing is open. */
    record Down(long term, Optional<WalException> cause) implements LifetimePhase {
        @Override
        public LifetimeStep step() {
            return LifetimeStep.DOWN;
        }

        @Override
        public LifetimeState current() {
            return LifetimeState.unavailableAt(term);
        }

        Opening toOpening(long nextTerm) {
            return new Opening(this, nextTerm);
        }

        Down toDown(long nextTerm) {
            return new Down(nextTerm, Optional.empty());
        }
    }

    /** The opener is opening the log at a term. */
    record Opening(Down from, long term) implements LifetimePhase {
        @Override
        public LifetimeStep step() {
            return LifetimeStep.OPENING;
        }

        @Override
        public LifetimeState current() {
            return from.current();
        }

        @Override
        public Optional<WalException> cause() {
            return from.cause();
        }

        Registering toRegistering(FlushableWal wal) {
            return new Registering(from, wal, Optional.empty());
        }

        Down toDown(Optional<WalException> failure) {
            return new Down(term, failure);
        }

        /** Closes a log that is no longer wanted, or that is not the one requested. */
        Closing toClosing(FlushableWal wal, Optional<WalException> failure) {
            return new Closing(current(), wal, new Down(term, failure));
        }
    }

    /** An opened log is being registered; {@code ended} is set if the log ended meanwhile. */
    record Registering(Down from, FlushableWal wal, Optional<WalException> ended) implements LifetimePhase {
        @Override
        public LifetimeStep step() {
            return LifetimeStep.REGISTERING;
        }

        @Override
        public LifetimeState current() {
            return from.current();
        }

        @Override
        public Optional<WalException> cause() {
            return ended.or(from::cause);
        }

        Registering toEnded(WalException reason) {
            return new Registering(from, wal, Optional.of(reason));
        }

        Up toUp() {
            return new Up(wal);
        }

        Unregistering toUnregistering(Optional<WalException> failure) {
            return new Unregistering(current(), wal, new Down(wal.term(), failure));
        }

        Closing toClosing(WalException failure) {
            return new Closing(current(), wal, new Down(wal.term(), Optional.of(failure)));
        }
    }

    /** The log is handed out. */
    record Up(FlushableWal wal) implements LifetimePhase {
        @Override
        public LifetimeStep step() {
            return LifetimeStep.AVAILABLE;
        }

        @Override
        public LifetimeState current() {
            return LifetimeState.availableAt(wal.term());
        }

        @Override
        public Optional<WalException> cause() {
            return Optional.empty();
        }

        Unregistering toUnregistering(Optional<WalException> reason) {
            return new Unregistering(current(), wal, new Down(wal.term(), reason));
        }
    }

    /** The log is being unregistered; then it closes. */
    record Unregistering(LifetimeState current, FlushableWal wal, Down then) implements LifetimePhase {
        @Override
        public LifetimeStep step() {
            return LifetimeStep.UNREGISTERING;
        }

        @Override
        public Optional<WalException> cause() {
            return then.cause();
        }

        Closing toClosing() {
            return new Closing(current, wal, then);
        }
    }

    /** The log is being closed. */
    record Closing(LifetimeState current, FlushableWal wal, Down then) implements LifetimePhase {
        @Override
        public LifetimeStep step() {
            return LifetimeStep.CLOSING;
        }

        @Override
        public Optional<WalException> cause() {
            return then.cause();
        }

        Down toDown() {
            return then;
        }
    }
}
