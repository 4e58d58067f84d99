package io.seawall.benchmarks.flush;

import io.seawall.benchmarks.measure.Clock;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One pass over a log from LSN 0.
 *
 * @param hash of all values, each with its LSN
 * @param seconds from the opening of the reader to the last record
 * @param seamSeconds from the opening of the reader to the seam
 * @param seamPauseMs the duration of the poll that reached or crossed the seam
 * @param longestPauseMs the duration of the longest poll, except the first one
 */
record TieredRead(String hash, double seconds, double seamSeconds, double seamPauseMs, double longestPauseMs) {
    private static final int POLL_RECORDS = 1_000;
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * Reads the log.
     *
     * @param until how many records the log has
     * @param seam the first LSN that Kafka has
     */
    static TieredRead of(WalReaders readers, PChannel pchannel, View view, long until, long seam, Clock clock) {
        var hash = new ContentHash();
        var start = clock.nanos();
        var seamAt = 0L;
        var seamPause = 0L;
        var longestPause = 0L;
        try (var reader = readers.open(pchannel, StartPosition.atLsn(0), view)) {
            for (var next = 0L; next < until; next = reader.nextLsn()) {
                var before = clock.nanos();
                var records = reader.poll(POLL_RECORDS, WAIT);
                var after = clock.nanos();
                if (records.isEmpty()) {
                    throw new IllegalStateException("nothing came for " + WAIT + " at LSN " + next + " of " + until);
                }
                for (var record : records) {
                    hash.add(record.lsn(), Objects.requireNonNull(record.data().value(), "every value has bytes"));
                }
                longestPause = next == 0 ? 0 : Math.max(longestPause, after - before);
                if (next <= seam && reader.nextLsn() > seam) {
                    seamAt = after;
                    seamPause = after - before;
                }
            }
        }
        var seconds = (double) TimeUnit.SECONDS.toNanos(1);
        return new TieredRead(
                hash.text(),
                (clock.nanos() - start) / seconds,
                (seamAt - start) / seconds,
                seamPause / NANOS_PER_MS,
                longestPause / NANOS_PER_MS);
    }
}
