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
final class GrowthCheck {
    private Stamp written = Stamp.NONE; // the highest stamp that wrote data or a snapshot
    private Stamp claimed = Stamp.NONE; // the highest stamp that claimed the log
    private Stamp leased = Stamp.NONE; // the highest stamp that wrote a lease before the first numbered record
    private long nextNumber; // the next number of the stamp that wrote last
    private int accepted; // how many numbered records were accepted; stops at 2
    private boolean unsure;

    /** Checks the next record. Returns false if no owner wrote it. */
    boolean accepts(WalHeader header) {
        return switch (header.kind()) {
            case CLAIM -> acceptsClaim(header.stamp());
            case LEASE -> acceptsLease(header.stamp());
            case SNAPSHOT -> acceptsNumber(header.stamp(), ((Snapshot) header).lsn(), ((Snapshot) header).lsn());
            case DATA -> acceptsData((Data) header);
        };
    }

    private boolean acceptsClaim(Stamp stamp) {
        claimed = stamp.isAbove(claimed) ? stamp : claimed;
        return true;
    }

    private boolean acceptsLease(Stamp stamp) {
        if (written.equals(Stamp.NONE) && stamp.isAbove(leased)) {
            leased = stamp;
        }
        return mayWrite(stamp) || refuse();
    }

    /** Returns whether a record contradicted the first numbered record, which may itself be the one that no owner wrote. */
    boolean isUnsure() {
        return unsure;
    }

    /** Returns whether the claim of a stamp is known. Before the first numbered record it may stand further back in the log. */
    private boolean mayWrite(Stamp stamp) {
        return written.equals(Stamp.NONE) || !stamp.isAbove(written) || !stamp.isAbove(claimed);
    }

    /** Refuses a record. The check becomes unsure if only the first numbered record speaks against it. */
    private boolean refuse() {
        unsure |= accepted < 2;
        return false;
    }

    private boolean acceptsData(Data data) {
        return mayWrite(data.stamp()) ? acceptsNumber(data.stamp(), data.lsn(), data.lsn() + 1) : refuse();
    }

    private boolean acceptsNumber(Stamp stamp, long number, long next) {
        var order = stamp.compareTo(written);
        if (order < 0 || (order == 0 && number < nextNumber)) {
            return refuse();
        }
        unsure |= stamp.isBelow(leased);
        accepted = Math.min(2, accepted + 1);
        written = stamp;
        nextNumber = next;
        return true;
    }
}
