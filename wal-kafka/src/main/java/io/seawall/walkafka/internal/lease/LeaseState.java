package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.port.Lane;

/**
 * Decides which lane takes appends. Each transition is a method of the state that it leaves:
 *
 * <pre>
 *             begin              first ack              due, other lane free
 *   Idle ------------> Starting ----------> Active ----------------------------> Priming
 *    ^                                       |  ^                                   | lease record acknowledged
 *    |            due, and quiet             |  |   nothing in flight any more      v
 *    +---------------------------------------+  +------------------------------- Switching
 * </pre>
 */
sealed interface LeaseState {
    /** The names of the states. */
    enum Kind {
        IDLE,
        STARTING,
        ACTIVE,
        PRIMING,
        SWITCHING
    }

    /** Returns the name of this state. */
    Kind kind();

    /** Returns the lane that takes appends; in {@link Idle} the one that takes the next append. */
    Lane lane();

    /** No lease is open. */
    record Idle(Lane lane) implements LeaseState {
        Starting begin() {
            return new Starting(lane);
        }

        @Override
        public Kind kind() {
            return Kind.IDLE;
        }
    }

    /** A single record is in flight, so that the coordinator adds the partition to the transaction before more records follow. */
    record Starting(Lane lane) implements LeaseState {
        Active started() {
            return new Active(lane);
        }

        @Override
        public Kind kind() {
            return Kind.STARTING;
        }
    }

    /** Appends are sent on this lane. */
    record Active(Lane lane) implements LeaseState {
        Priming prime() {
            return new Priming(lane);
        }

        Idle rest() {
            return new Idle(lane.other());
        }

        @Override
        public Kind kind() {
            return Kind.ACTIVE;
        }
    }

    /** Appends are sent on this lane, and a lease record is in flight on the other one. */
    record Priming(Lane lane) implements LeaseState {
        Switching primed() {
            return new Switching(lane);
        }

        @Override
        public Kind kind() {
            return Kind.PRIMING;
        }
    }

    /** Appends wait until no record is in flight on this lane; then they are sent on the other one. */
    record Switching(Lane lane) implements LeaseState {
        Active switched() {
            return new Active(lane.other());
        }

        @Override
        public Kind kind() {
            return Kind.SWITCHING;
        }
    }
}
