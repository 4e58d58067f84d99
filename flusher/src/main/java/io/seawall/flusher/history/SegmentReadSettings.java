package io.seawall.flusher.history;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;

/**
 * How segments are read back.
 *
 * @param cacheBytes how many bytes of verified segments are kept in memory for further reads, at most; 1 MiB or more. Low:
 *     segments are fetched twice, once to be verified and once to be read. High: memory
 * @param threads how many segments are verified at the same time; 1 to 16. Low: readers of different logs wait for each other.
 *     High: a thread each, and that many fetches at once
 * @param boundsTimeout how long a request for a log's bounds waits for the store; above zero. Low: an old or too high result
 *     while the store is slow. High: requests block that long
 */
public record SegmentReadSettings(long cacheBytes, int threads, Duration boundsTimeout) {
    private static final long LEAST_CACHE_BYTES = 1 << 20;
    private static final long DEFAULT_CACHE_BYTES = 160L << 20;
    private static final int MOST_THREADS = 16;

    /**
     * Checks every value.
     *
     * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} that names the value and its range
     */
    public SegmentReadSettings {
        check(cacheBytes >= LEAST_CACHE_BYTES, "cacheBytes", cacheBytes, LEAST_CACHE_BYTES + " or more");
        check(threads >= 1 && threads <= MOST_THREADS, "threads", threads, "1 to " + MOST_THREADS);
        check(!boundsTimeout.isNegative() && !boundsTimeout.isZero(), "boundsTimeout", boundsTimeout, "above zero");
    }

    /**
     * Returns the defaults: 160 MiB, which holds two segments of 64 MiB of incompressible values with their block positions, 2
     * threads, 2 s.
     */
    public static SegmentReadSettings defaults() {
        return new SegmentReadSettings(DEFAULT_CACHE_BYTES, 2, Duration.ofSeconds(2));
    }

    /**
     * Returns these settings with another cache.
     *
     * @param bytes the new cacheBytes
     * @return the settings
     */
    public SegmentReadSettings withCacheBytes(long bytes) {
        return new SegmentReadSettings(bytes, threads, boundsTimeout);
    }

    private static void check(boolean ok, String name, Object found, String expected) {
        if (!ok) {
            throw Problem.of(ErrorCode.INVALID, "use the setting " + name + " of segment reads")
                    .found(found.toString())
                    .expected(expected)
                    .exception();
        }
    }
}
