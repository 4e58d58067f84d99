package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The records that a restore is given, as long as they follow each other and may stand under its term. One thread at a time. */
final class RestoredRecords {
    private final PChannel pchannel;
    private final long term;
    private final Iterator<LogRecord> records;
    private long next;
    private @Nullable LogRecord ahead;

    /**
     * Takes the first record, so that one that does not fit is refused before anything is touched.
     *
     * @param term at which the log is restored
     * @param first the LSN of the first record
     */
    RestoredRecords(PChannel pchannel, long term, long first, Iterator<LogRecord> records) {
        this.pchannel = pchannel;
        this.term = term;
        this.records = records;
        this.next = first;
        if (term < 0 || first < 0) {
            throw invalid("term " + term + ", first LSN " + first, "both 0 or more", "say another one")
                    .exception();
        }
        look();
    }

    /** When the first record was taken, in milliseconds since the epoch; {@code otherwise} if there is none. */
    long firstTimestampMs(long otherwise) {
        return ahead == null ? otherwise : ahead.timestampMs();
    }

    /** The LSN behind the last record that was taken. */
    long next() {
        return next;
    }

    boolean hasNext() {
        return ahead != null;
    }

    /** Takes a record, which there must be. */
    LogRecord take() {
        var taken = ahead;
        if (taken == null) {
            throw new IllegalStateException("there is no record " + next);
        }
        next++;
        look();
        return taken;
    }

    private void look() {
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

    /** Refuses what Kafka's client or a broker would refuse when other records are written already. */
    private void refuseIfUnwritable(LogRecord record) {
        var broken = record.timestampMs() < 0
                ? new HeaderNames.Broken("timestamp " + record.timestampMs(), "a timestamp of 0 or more")
                : HeaderNames.check(record.data().headers());
        if (broken != null) {
            throw invalid(
                            broken.found() + " on LSN " + record.lsn(),
                            broken.expected(),
                            "no log of Seawall has such a record: look where these come from")
                    .exception();
        }
    }

    private WalException gap(long found) {
        return invalid(
                        "LSN " + found + " after LSN " + (next - 1),
                        "LSN " + next + " next: a log has no gaps",
                        found > next
                                ? "the log can be restored from LSN " + found
                                        + " on; what stands before the last gap stays in the segments alone"
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
