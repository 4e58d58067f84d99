package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.WalHeader;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first record of the batch that contains an LSN. Takes committed records in order, starting at or before the first
 * record of that batch.
 */
public final class BatchStart implements Predicate<LogEntry> {
    private final long lsn;
    private @Nullable LogEntry first; // the first record of the latest batch
    private int more; // how many records of that batch follow

    public BatchStart(long lsn) {
        this.lsn = lsn;
    }

    /** Takes the next record. Returns true once the LSN is reached. */
    @Override
    public boolean test(LogEntry entry) {
        if (!(entry.header() instanceof WalHeader.Data data)) {
            return false;
        }
        if (first == null || more == 0) {
            first = entry;
        }
        more = data.more();
        return data.lsn() >= lsn;
    }

    /** Returns the first record of the batch; only after {@link #test} returned true. */
    public KnownLsn found() {
        if (first == null) {
            throw new IllegalStateException("nothing was found yet");
        }
        return KnownLsn.of(first);
    }
}
