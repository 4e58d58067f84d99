package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeader.Data;
import io.seawall.walkafka.internal.format.WalHeader.Snapshot;

/**
 * What only grows along the committed view: stamps, each behind its claim, and the numbers of a stamp. A record that goes back was
 * not written by its owner; or the one before it was not, of which the first one shows nothing: then more has to be looked at.
 */
final class Growth {
    private Stamp written = Stamp.NONE; // the highest that wrote data or a snapshot
    private Stamp claimed = Stamp.NONE;
    private Stamp leased = Stamp.NONE; // by a lease that came before the first number
    private long given; // the number behind the last one that this stamp wrote
    private int taken; // how many records with numbers, up to 2
    private boolean unsure;

    /** Takes the next record; false if no owner wrote it. */
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

    /** Whether a record contradicts the first one, which may itself be the one that no owner wrote. */
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
