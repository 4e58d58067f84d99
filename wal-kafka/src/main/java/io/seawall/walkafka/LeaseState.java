package io.seawall.walkafka;

import io.seawall.walkafka.port.Lane;

/**
 * Which lane takes appends. A transition is a method on the state that it leaves:
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

    /** Which of the states below this is. */
    Kind kind();

    /** The lane that appends go to; in {@link Idle} the one that they will go to. */
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

    /** One record is in flight alone, so that the coordinator enlists the partition before others follow. */
    record Starting(Lane lane) implements LeaseState {
        Active started() {
            return new Active(lane);
        }

        @Override
        public Kind kind() {
            return Kind.STARTING;
        }
    }

    /** Appends flow. */
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

    /** Appends flow, and a lease record is in flight on the other lane. */
    record Priming(Lane lane) implements LeaseState {
        Switching primed() {
            return new Switching(lane);
        }

        @Override
        public Kind kind() {
            return Kind.PRIMING;
        }
    }

    /** Appends are held until nothing is in flight on this lane; then they go to the other one. */
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
