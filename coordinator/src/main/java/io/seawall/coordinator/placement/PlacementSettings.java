package io.seawall.coordinator.placement;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;

/**
 * The bounds of placement.
 *
 * @param absence when a node counts as gone, and when members count as settled
 * @param bounds how much happens at the same time
 * @param patience how long a node is waited for
 * @param pauses how long failures and restarts are held back
 */
public record PlacementSettings(Absence absence, Bounds bounds, Patience patience, Pauses pauses) {
    /** The settings of a cluster whose operator set nothing. */
    public static final PlacementSettings DEFAULTS = new PlacementSettings(
            new Absence(Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(1), Duration.ofSeconds(5)),
            new Bounds(16, 8, Duration.ofSeconds(30)),
            new Patience(
                    Duration.ofSeconds(10), Duration.ofMinutes(11), Duration.ofSeconds(15), Duration.ofSeconds(10)),
            new Pauses(
                    Duration.ofMillis(200),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5)));

    /**
     * When a node counts as gone, and when members count as settled. Each is 0 or more.
     *
     * @param grace how long a node without a sign of life is waited for, unless it was reported dead. Too low: a restart moves
     *     logs; too high: logs of a host that vanished stay closed
     * @param session the session time-out of Kafka's group: a member that the group dropped gave no sign of life for so long
     * @param settle how long the members have to be the same before logs are balanced, and before a cold start places logs
     *     that no node had
     * @param settleMost how long a cold start waits at most for that
     */
    public record Absence(Duration grace, Duration session, Duration settle, Duration settleMost) {
        /** Checks every value. */
        public Absence {
            checkNotNegative("grace", grace);
            checkNotNegative("session", session);
            checkNotNegative("settle", settle);
            checkNotNegative("settleMost", settleMost);
        }
    }

    /**
     * How much happens at the same time.
     *
     * @param openings how many logs a node opens at the same time, 1 or more. Openings that take longer than {@code slow} do
     *     not count, so that logs which hang do not hold up the others; with them it is at most twice as many
     * @param moves how many logs with a healthy owner are moved at the same time in the cluster, 1 or more
     * @param slow how long an opening holds up others, above 0
     */
    public record Bounds(int openings, int moves, Duration slow) {
        /** Checks every value. */
        public Bounds {
            checkPositive("openings", openings);
            checkPositive("moves", moves);
            checkPositive("slow", slow.toMillis());
        }
    }

    /**
     * How long a node is waited for. Each is above 0 but {@code rest}, which may be 0.
     *
     * @param acknowledge how long a node may take to report that it opens a log
     * @param open how long an opening may take in all; above the node's own limit, whose error says more
     * @param release how long a release may take, above the node's own limit for closing. Then the log is taken from the owner
     * @param rest how long a log must have been open before it is moved to balance nodes
     */
    public record Patience(Duration acknowledge, Duration open, Duration release, Duration rest) {
        /** Checks every value. */
        public Patience {
            checkPositive("acknowledge", acknowledge.toMillis());
            checkPositive("open", open.toMillis());
            checkPositive("release", release.toMillis());
            checkNotNegative("rest", rest);
        }
    }

    /**
     * How long failures and restarts are held back. A pause doubles with each in a row.
     *
     * @param failureLeast the pause before the next term after the first failure of a log, above 0
     * @param failureMost the longest pause, at least {@code failureLeast}
     * @param served a term that was open for so long ends a row of failures
     * @param flapLeast how long a node gets no further logs after a restart, above 0
     * @param flapMost the longest such time, at least {@code flapLeast}; a node that lasts for so long begins a new row
     */
    public record Pauses(
            Duration failureLeast, Duration failureMost, Duration served, Duration flapLeast, Duration flapMost) {
        /** Checks every value. */
        public Pauses {
            checkPositive("failureLeast", failureLeast.toMillis());
            checkNotNegative("failureMost beyond failureLeast", failureMost.minus(failureLeast));
            checkNotNegative("served", served);
            checkPositive("flapLeast", flapLeast.toMillis());
            checkNotNegative("flapMost beyond flapLeast", flapMost.minus(flapLeast));
        }

        /** Returns the pause after so many failures in a row, 1 or more. */
        long failurePauseMs(int failures) {
            return doubled(failureLeast, failureMost, failures);
        }

        /** Returns how long a node gets no further logs after so many restarts in a row, 1 or more. */
        long flapPauseMs(int flaps) {
            return doubled(flapLeast, flapMost, flaps);
        }

        private static long doubled(Duration least, Duration most, int times) {
            var factor = 1L << Math.min(times - 1, 20);
            return Math.min(most.toMillis(), least.toMillis() * factor);
        }
    }

    private static void checkNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw refused(name, value.toString(), "0 or more");
        }
    }

    private static void checkPositive(String name, long value) {
        if (value < 1) {
            throw refused(name, Long.toString(value), "1 or more");
        }
    }

    private static RuntimeException refused(String name, String found, String expected) {
        return Problem.of(ErrorCode.INVALID, "set the placement's " + name)
                .found(found)
                .expected(expected)
                .exception();
    }
}
