package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import org.jspecify.annotations.Nullable;

/** What callers want of a writer besides their appends. Used on the mailbox only. */
final class Demands {
    private long commitBelow; // everything below this LSN is to be committed
    private long sends; // so many sends are to be acknowledged, counted from the writer's first one
    private boolean snapshot;
    private @Nullable Lane hurried; // the lane with a demanded snapshot, which is to be committed soon
    private int laneUses; // how many idle lanes are still to be used, so that their ids do not expire
    private long aloneBelow; // appends below this LSN are to be sent one at a time
    private boolean finish;
    private @Nullable LaneFault leave;

    /** Demands the commit of everything below an LSN. */
    void commitBelow(long lsn) {
        commitBelow = Math.max(commitBelow, lsn);
    }

    /** Demands that this many sends are acknowledged, even if no append comes. */
    void sends(long count) {
        sends = count;
    }

    /** Demands a snapshot and its commit. */
    void snapshot() {
        snapshot = true;
    }

    /** Demands a use of this many idle lanes. Replaces the last such demand. */
    void useLanes(int count) {
        laneUses = finish ? 0 : count;
    }

    /** Demands that appends below an LSN are sent one at a time. */
    void sendAloneBelow(long lsn) {
        aloneBelow = lsn;
    }

    /** Demands that everything is committed at once, and that no lane is used without an append. */
    void finish() {
        finish = true;
        laneUses = 0;
    }

    /** Demands that no append is sent any more, and that the writer fails once all that it sent is committed. */
    void leave(LaneFault fault) {
        leave = fault;
    }

    /** Returns the fault of {@link #leave}, or null. */
    @Nullable
    LaneFault leaving() {
        return leave;
    }

    boolean isLeaving() {
        return leave != null;
    }

    boolean isFinishing() {
        return finish;
    }

    /** Returns whether a lease has to begin although no append waits. */
    boolean isLeaseWanted(long sent) {
        return laneUses > 0 || isRecordWanted(sent);
    }

    /** Notes that a lease has begun. */
    void leaseBegun() {
        laneUses = Math.max(0, laneUses - 1);
    }

    /** Returns whether a control record has to be sent, unless an append does as well. */
    boolean isRecordWanted(long sent) {
        return snapshot || isSendWanted(sent);
    }

    /** Returns whether another send of any kind is wanted. */
    boolean isSendWanted(long sent) {
        return sent < sends;
    }

    /** Returns whether a snapshot is wanted, which the caller then sends on this lane. */
    boolean takeSnapshot(Lane lane) {
        if (!snapshot) {
            return false;
        }
        snapshot = false;
        hurried = lane;
        return true;
    }

    /**
     * Returns whether the lease on a lane has to end before its time.
     *
     * @param commitBegun the LSN below which everything is committed or being committed
     */
    boolean isCommitWanted(Lane lane, long commitBegun) {
        return finish || hurried == lane || commitBelow > commitBegun;
    }

    /** Notes that the commit of a lane has begun. */
    void commitBegun(Lane lane) {
        hurried = hurried == lane ? null : hurried;
    }

    /** Returns whether the next send has to wait until nothing is in flight. */
    boolean isSentAlone(InFlight inFlight) {
        return inFlight.beginsBelow(aloneBelow);
    }
}
