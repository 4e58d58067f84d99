package io.seawall.flusher;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a flusher works.
 *
 * @param segmentBytes the records' bytes, uncompressed, at which a segment is sealed; at least 1. Low: many small objects. High:
 *     more spool, and more to write again after a crash
 * @param segmentAge how long after its first record a segment is sealed; above zero. Low: many small objects. High: records stay
 *     longer in Kafka alone
 * @param spoolDir a local folder for segments that are being written; nothing in it is of use after a crash
 * @param threads how many pchannels work at the same time; 1 to 64. Low: a slow store holds up more of them
 * @param tick how often each pchannel is looked at when it is idle; above zero. Low: cost with many pchannels. High: a later
 *     start
 * @param retry the pauses after failures of the store or the log
 * @param closeTimeout how long {@link Flusher#unregister} and {@link Flusher#close} wait for a step that is under way
 */
public record FlusherSettings(
        long segmentBytes,
        Duration segmentAge,
        Path spoolDir,
        int threads,
        Duration tick,
        Backoff retry,
        Duration closeTimeout) {
    private static final long DEFAULT_SEGMENT_BYTES = 64L * 1024 * 1024;
    private static final int MOST_THREADS = 64;

    /**
     * Checks every value.
     *
     * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} that names the value and its range
     */
    public FlusherSettings {
        check(segmentBytes >= 1, "segmentBytes", segmentBytes, "1 or more");
        checkPositive("segmentAge", segmentAge);
        check(threads >= 1 && threads <= MOST_THREADS, "threads", threads, "1 to " + MOST_THREADS);
        checkPositive("tick", tick);
        checkPositive("closeTimeout", closeTimeout);
    }

    /**
     * The defaults: 64 MiB, 10 minutes, 2 threads, a look every 100 ms, retries after 200 ms to 30 s, 5 s to close.
     *
     * @param spoolDir the folder for segments that are being written
     * @return the settings
     */
    public static FlusherSettings defaults(Path spoolDir) {
        return new FlusherSettings(
                DEFAULT_SEGMENT_BYTES,
                Duration.ofMinutes(10),
                spoolDir,
                2,
                Duration.ofMillis(100),
                new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30)),
                Duration.ofSeconds(5));
    }

    /**
     * The same settings with other limits of a segment.
     *
     * @param bytes the new segmentBytes
     * @param age the new segmentAge
     * @return the settings
     */
    public FlusherSettings withSegments(long bytes, Duration age) {
        return new FlusherSettings(bytes, age, spoolDir, threads, tick, retry, closeTimeout);
    }

    /**
     * Pauses that grow.
     *
     * @param first the pause after the first failure, doubled with each further one; above zero
     * @param longest the longest pause; not below {@code first}
     */
    public record Backoff(Duration first, Duration longest) {
        /**
         * Checks both.
         *
         * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} that names the value and its range
         */
        public Backoff {
            checkPositive("retry.first", first);
            check(longest.compareTo(first) >= 0, "retry.longest", longest, "not below retry.first, which is " + first);
        }

        /** The pause after so many failures in a row, 1 or more. */
        Duration after(int failures) {
            var pause = first;
            for (var i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
                pause = pause.multipliedBy(2);
            }
            return pause.compareTo(longest) < 0 ? pause : longest;
        }
    }

    private static void checkPositive(String name, Duration value) {
        check(!value.isNegative() && !value.isZero(), name, value, "above zero");
    }

    private static void check(boolean ok, String name, Object found, String expected) {
        if (!ok) {
            throw Problem.of(ErrorCode.INVALID, "use the flusher setting " + name)
                    .found(found.toString())
                    .expected(expected)
                    .exception();
        }
    }
}
