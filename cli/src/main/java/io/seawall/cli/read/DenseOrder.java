package io.seawall.cli.read;

import io.seawall.cli.command.CommandFailed;
import io.seawall.wal.PChannel;
import java.util.OptionalLong;

/** Checks that LSNs follow each other without a gap or a repetition, across pages. Not thread-safe. */
final class DenseOrder {
    private static final long UNKNOWN = -1;

    private final PChannel pchannel;
    private long next;

    private DenseOrder(PChannel pchannel, long next) {
        this.pchannel = pchannel;
        this.next = next;
    }

    /** Creates an order whose first LSN is known. */
    static DenseOrder from(PChannel pchannel, long first) {
        return new DenseOrder(pchannel, first);
    }

    /** Creates an order that starts at the LSN that the node reports. */
    static DenseOrder fromAnywhere(PChannel pchannel) {
        return new DenseOrder(pchannel, UNKNOWN);
    }

    /** Checks the LSN of the next record. */
    void record(long lsn) {
        check(lsn, "record");
        next = lsn + 1;
    }

    /** Checks the LSN at which the node says that reading continues. */
    void continuesAt(long lsn) {
        check(lsn, "continuation");
        next = lsn;
    }

    /** Returns the LSN that comes next; empty if nothing came yet and any may. */
    OptionalLong next() {
        return next == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(next);
    }

    private void check(long lsn, String what) {
        if (lsn < 0 || (next != UNKNOWN && lsn != next)) {
            var kind = lsn > next ? "GAP" : "OUT_OF_ORDER";
            throw new CommandFailed(kind + ": cannot read " + pchannel + ": found " + what + " with LSN " + lsn
                    + ", expected " + (next == UNKNOWN ? "0 or more" : Long.toString(next)));
        }
    }
}
