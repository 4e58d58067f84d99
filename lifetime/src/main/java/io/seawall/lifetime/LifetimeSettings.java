package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;

/**
 * The bounds of the lifetime.
 *
 * @param closeTimeout how long one call of {@code register}, {@code unregister} or {@code Wal.close} may take before the
 *     pchannel goes on without it; above 0. Too low cuts off a clean close, which costs the next owner a longer recovery; too
 *     high delays the next term behind a close that hangs
 * @param workers how many such calls run at the same time, 1 to 1,000. Too low makes closing many pchannels slow
 */
public record LifetimeSettings(Duration closeTimeout, int workers) {
    /** 10 s and 8 workers. */
    public static final LifetimeSettings DEFAULTS = new LifetimeSettings(Duration.ofSeconds(10), 8);

    private static final int MOST_WORKERS = 1_000;

    /**
     * Checks both.
     *
     * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} for a value out of range
     */
    public LifetimeSettings {
        if (closeTimeout.isNegative() || closeTimeout.isZero()) {
            throw Problem.of(ErrorCode.INVALID, "set the lifetime's close timeout")
                    .found(closeTimeout.toString())
                    .expected("a duration above 0")
                    .exception();
        }
        if (workers < 1 || workers > MOST_WORKERS) {
            throw Problem.of(ErrorCode.INVALID, "set the lifetime's number of workers")
                    .found(Integer.toString(workers))
                    .expected("1 to " + MOST_WORKERS)
                    .exception();
        }
    }
}
