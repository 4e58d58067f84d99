package io.seawall.walkafka;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds, on the committed view, the first member of the batch that an LSN belongs to. To be fed from before that batch. */
final class BatchStart implements Predicate<LogEntry> {
    private final long lsn;
    private @Nullable LogEntry first; // of the batch that was seen last
    private int more; // how many of its members are still to come

    BatchStart(long lsn) {
        this.lsn = lsn;
    }

    /** Takes the next record; true once the LSN is reached. */
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

    /** The record found; only after {@link #test} was true. */
    KnownLsn found() {
        if (first == null) {
            throw new IllegalStateException("nothing was found yet");
        }
        return KnownLsn.of(first);
    }
}
