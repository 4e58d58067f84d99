package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;

/**
 * The bounds of the lifetime.
 *
 * @param openTimeout how long an opening may take, above 0. A backstop for an opener that exceeds its own deadline: the opening
 *     is then asked to stop, and given up one close timeout later. Too low ends openings that only wait for their turn among
 *     many; too high leaves callers waiting for an opener that hangs
 * @param closeTimeout how long one call of {@code register}, {@code unregister} or {@code Wal.close} may take before the
 *     pchannel continues without it; above 0, and above the logs' own limit for closing. Too low interrupts a clean close, which
 *     costs the next owner a longer recovery; too high delays the next term behind a close that hangs
 * @param workers how many steps that open or register may run at the same time, and separately how many that unregister or
 *     close, 1 to 1,000. Too low makes closing many pchannels slow
 */
public record LifetimeSettings(Duration openTimeout, Duration closeTimeout, int workers) {
    /** An open timeout of 10 min, a close timeout of 12 s, and 8 workers. */
    public static final LifetimeSettings DEFAULTS =
            new LifetimeSettings(Duration.ofMinutes(10), Duration.ofSeconds(12), 8);

    private static final int MOST_WORKERS = 1_000;

    /**
     * Checks every value.
     *
     * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} for a value out of range
     */
    public LifetimeSettings {
        checkPositive("open timeout", openTimeout);
        checkPositive("close timeout", closeTimeout);
        if (workers < 1 || workers > MOST_WORKERS) {
            throw Problem.of(ErrorCode.INVALID, "set the lifetime's number of workers")
                    .found(Integer.toString(workers))
                    .expected("1 to " + MOST_WORKERS)
                    .exception();
        }
    }

    private static void checkPositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw Problem.of(ErrorCode.INVALID, "set the lifetime's " + name)
                    .found(value.toString())
                    .expected("a duration above 0")
                    .exception();
        }
    }
}
