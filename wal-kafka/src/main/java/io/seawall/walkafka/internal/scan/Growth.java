package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeader.Data;
import io.seawall.walkafka.internal.format.WalHeader.Snapshot;

/**
 * Finds records in the committed view that no owner wrote. In that view stamps only grow, each stamp appears after its claim, and
 * the numbers of one stamp only grow. So a record that goes back was written by another program.
 *
 * <p>If such a record contradicts only the first numbered record, either of the two may be the wrong one. The check is then unsure,
 * and the caller has to begin further back in the log.
 */
final class Growth {
    private Stamp written = Stamp.NONE; // the highest stamp that wrote data or a snapshot
    private Stamp claimed = Stamp.NONE; // the highest stamp that claimed the log
    private Stamp leased = Stamp.NONE; // the highest stamp that wrote a lease before the first numbered record
    private long given; // the next number of the stamp that wrote last
    private int taken; // how many numbered records were accepted; stops at 2
    private boolean unsure;

    /** Takes the next record. Returns false if no owner wrote it. */
    boolean takes(WalHeader header) {
        return switch (header.kind()) {
            case CLAIM -> claims(header.stamp());
            case LEASE -> leases(header.stamp());
            case SNAPSHOT -> grows(header.stamp(), ((Snapshot) header).lsn(), ((Snapshot) header).lsn());
            case DATA -> isClaimed(header.stamp()) && grows((Data) header);
        };
    }

    private boolean claims(Stamp stamp) {
        claimed = stamp.isAbove(claimed) ? stamp : claimed;
        return true;
    }

    private boolean leases(Stamp stamp) {
        if (written.equals(Stamp.NONE) && stamp.isAbove(leased)) {
            leased = stamp;
        }
        return isClaimed(stamp);
    }

    /** Returns whether a record contradicted the first numbered record, which may itself be the one that no owner wrote. */
    boolean isUnsure() {
        return unsure;
    }

    private boolean isClaimed(Stamp stamp) {
        var isClaimed = written.equals(Stamp.NONE) || !stamp.isAbove(written) || !stamp.isAbove(claimed);
        return isClaimed || refused();
    }

    private boolean refused() {
        unsure |= taken < 2;
        return false;
    }

    private boolean grows(Data data) {
        return grows(data.stamp(), data.lsn(), data.lsn() + 1);
    }

    private boolean grows(Stamp stamp, long number, long behind) {
        var order = stamp.compareTo(written);
        if (order < 0 || (order == 0 && number < given)) {
            return refused();
        }
        unsure |= stamp.isBelow(leased);
        taken = Math.min(2, taken + 1);
        written = stamp;
        given = behind;
        return true;
    }
}
