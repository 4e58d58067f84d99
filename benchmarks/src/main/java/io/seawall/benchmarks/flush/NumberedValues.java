package io.seawall.benchmarks.flush;

import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.InFlightLimit;
import io.seawall.wal.Wal;
import io.seawall.wal.WalRecord;
import java.util.ArrayList;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Distinct values of random bytes, appended in batches as clients do it. Used by one thread. */
final class NumberedValues {
    static final int BYTES = 200;

    private static final int BATCH = 100;
    private static final int MOST_IN_FLIGHT = 32 * BATCH;
    private static final long SEED = 5;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final int records;

    NumberedValues(int records) {
        this.records = records;
    }

    /**
     * The appended values.
     *
     * @param hash of all values, each with its LSN
     * @param mostBehind the most records by which the flusher was seen behind the tail
     */
    record Appended(String hash, long mostBehind) {}

    /** Appends all values to an empty log and waits until they are acknowledged. */
    Appended appendTo(Wal wal, Clock clock, Supplier<OptionalLong> flushed) {
        var hash = new ContentHash();
        var inFlight = new InFlightLimit(MOST_IN_FLIGHT);
        var mostBehind = 0L;
        for (var first = 0; first < records; first += BATCH) {
            var batch = new ArrayList<WalRecord>(BATCH);
            for (var lsn = first; lsn < Math.min(records, first + BATCH); lsn++) {
                inFlight.beforeSend();
                var value = new byte[BYTES];
                random.nextBytes(value);
                hash.add(lsn, value);
                batch.add(WalRecord.of(value));
            }
            var unused = wal.append(batch).whenComplete((appended, error) -> {
                for (var answered = 0; answered < batch.size(); answered++) {
                    inFlight.on(error);
                }
            });
            mostBehind = Math.max(mostBehind, wal.tail() - flushed.get().orElse(0));
        }
        inFlight.drain(clock);
        return new Appended(hash.text(), mostBehind);
    }
}
