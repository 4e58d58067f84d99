package io.seawall.walkafka.internal.open;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.HeaderNames;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The records that a restore writes. Checks that their LSNs have no gap, that their terms are below the restore's term, and that
 * Kafka will accept them. Used by one thread at a time.
 */
final class RestoredRecords {
    private final PChannel pchannel;
    private final long term;
    private final Iterator<LogRecord> records;
    private long next;
    private @Nullable LogRecord ahead;

    /**
     * Reads the first record, so that a record that does not fit is refused before the log is changed.
     *
     * @param term the term at which the log is restored
     * @param first the LSN of the first record
     * @param records the records, in order
     * @throws WalException with INVALID if an argument is negative or the first record does not fit
     */
    RestoredRecords(PChannel pchannel, long term, long first, Iterator<LogRecord> records) {
        this.pchannel = pchannel;
        this.term = term;
        this.records = records;
        this.next = first;
        if (term < 0 || first < 0) {
            throw invalid("term " + term + ", first LSN " + first, "both 0 or more", "choose another one")
                    .exception();
        }
        peek();
    }

    /** Returns the CreateTime of the next record, in milliseconds since the epoch; {@code otherwise} if there is none. */
    long firstTimestampMs(long otherwise) {
        return ahead == null ? otherwise : ahead.timestampMs();
    }

    /** Returns the LSN after the last record that was taken. */
    long next() {
        return next;
    }

    boolean hasNext() {
        return ahead != null;
    }

    /**
     * Takes the next record, and reads the one after it.
     *
     * @throws IllegalStateException if there is none
     * @throws WalException with INVALID if the record after it does not fit
     */
    LogRecord take() {
        var taken = ahead;
        if (taken == null) {
            throw new IllegalStateException("there is no record " + next);
        }
        next++;
        peek();
        return taken;
    }

    private void peek() {
        ahead = records.hasNext() ? checked(records.next()) : null;
    }

    private LogRecord checked(LogRecord record) {
        if (record.lsn() != next) {
            throw gap(record.lsn());
        }
        if (record.term() >= term) {
            throw invalid(
                            "LSN " + record.lsn() + " of term " + record.term(),
                            "terms below " + term,
                            "restore at a term above that of every record and every opening of the log")
                    .exception();
        }
        refuseIfUnwritable(record);
        return record;
    }

    /** Refuses a record that Kafka would refuse later, when other records are written already. */
    private void refuseIfUnwritable(LogRecord record) {
        var broken = record.timestampMs() < 0
                ? new HeaderNames.Broken("timestamp " + record.timestampMs(), "a timestamp of 0 or more")
                : HeaderNames.check(record.data().headers());
        if (broken != null) {
            throw invalid(
                            broken.found() + " on LSN " + record.lsn(),
                            broken.expected(),
                            "no log of Seawall has such a record; check where the records come from")
                    .exception();
        }
    }

    private WalException gap(long found) {
        return invalid(
                        "LSN " + found + " after LSN " + (next - 1),
                        "LSN " + next + " next: a log has no gaps",
                        found > next
                                ? "the log can be restored from LSN " + found
                                        + " on; earlier records remain in the segments only"
                                : "see ./seawall segments verify")
                .with("restorableFrom", Math.max(found, next))
                .exception();
    }

    private Problem invalid(String found, String expected, String fix) {
        return Problem.of(ErrorCode.INVALID, "restore " + pchannel)
                .pchannel(pchannel)
                .found(found)
                .expected(expected)
                .fix(fix);
    }
}
