package io.seawall.walkafka.internal.scan;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the offsets of the records of one stamp, as its owner learned them from acknowledgements. Kafka shows consumers no
 * producer ids; these offsets distinguish an owner's own records from records that another program wrote with the same stamp.
 * Bounded: the oldest offsets are forgotten. The owner writes on its mailbox; any thread may read.
 */
public final class OwnOffsets {
    /** Enough for some minutes: offsets jump about once a second, at each lane's marker, and a jump takes two points. */
    private static final int MOST_POINTS = 512;

    /**
     * A place between two of the owner's records.
     *
     * @param lsn every record of the stamp below it is at or below the offset, all others are above
     * @param offset the offset
     */
    private record Point(long lsn, long offset) {}

    private final Stamp stamp;
    private final long begun; // the offset of the stamp's first snapshot
    private final Deque<Point> points = new ArrayDeque<>(); // guarded by this; rising; around each jump of the offsets
    private long next; // guarded by this; the LSN after the last acknowledged record
    private long lastOffset; // guarded by this; the highest acknowledged offset
    private final AtomicLong sentBelow; // written by the owner, read by any thread
    private long snapshotRequestedBehind =
            -1; // guarded by this; a snapshot will follow foreign records up to this offset
    private long disputed = Long.MAX_VALUE; // guarded by this; see disputed()
    private volatile @Nullable Owner owner; // set when the owner begins to write

    /** The owner that writes the records. Called from any thread. */
    public interface Owner {
        /** Called if another program wrote records of the owner's stamp: the owner has to take the log back at the next epoch. */
        void forged(WalException found);

        /**
         * Called if readers skipped a numbered record of another program: the owner has to write a snapshot, which shows later
         * openings where the log ends.
         */
        void passedOver();
    }

    /**
     * Creates the offsets of an owner that has written only its first snapshot.
     *
     * @param stamp the owner's stamp
     * @param snapshot the first snapshot; every record below its LSN precedes it
     */
    public OwnOffsets(Stamp stamp, SnapshotAt snapshot) {
        this.stamp = stamp;
        this.begun = snapshot.offset();
        this.next = snapshot.lsn();
        this.sentBelow = new AtomicLong(snapshot.lsn());
        this.lastOffset = snapshot.offset();
        points.add(new Point(snapshot.lsn(), snapshot.offset()));
    }

    Stamp stamp() {
        return stamp;
    }

    /**
     * Notes that every record below an LSN is about to be handed to a producer. Called before that, so that no reader is faster.
     */
    public void sent(long below) {
        sentBelow.setRelease(below);
    }

    /**
     * Notes an acknowledgement. Called in the order of sending.
     *
     * @param first the first LSN of the append
     * @param count how many LSNs the append has; 0 for a control record
     * @param offset the offset of its last record
     */
    public synchronized void acknowledged(long first, int count, long offset) {
        if (offset != lastOffset + Math.max(1, count)) {
            add(new Point(first, lastOffset));
            if (count <= 1) {
                add(new Point(first, offset - 1));
            }
        }
        next = first + count;
        lastOffset = Math.max(lastOffset, offset);
    }

    private void add(Point point) {
        points.add(point);
        if (points.size() > MOST_POINTS) {
            points.remove();
        }
    }

    /** Returns the highest acknowledged offset. */
    public synchronized long lastOffset() {
        return lastOffset;
    }

    /** Returns whether the owner certainly did not write the data record of its stamp at this offset. */
    synchronized boolean disowns(long lsn, long offset) {
        return disowns(lsn, lsn + 1, offset);
    }

    /**
     * Returns whether the owner certainly did not write the snapshot of its stamp at this offset: its tail was another one
     * there.
     */
    synchronized boolean disownsSnapshot(long number, long offset) {
        return disowns(number, number, offset);
    }

    /** The same for a record with the LSNs from {@code first}, inclusive, to {@code end}, exclusive. */
    private boolean disowns(long first, long end, long offset) {
        if (owner == null) {
            return false; // the owner has not begun, so its offsets are not noted
        }
        if (end > sentBelow.get()) {
            return true;
        }
        var below = new Point(0, -1);
        for (var point : points) {
            if (point.offset() >= offset) {
                return first < below.lsn() || end > point.lsn();
            }
            below = point;
        }
        return lastOffset < offset ? first < next : first < below.lsn() || end > next;
    }

    /** Registers the owner. From now on it notes its records here, and learns of records that another program wrote. */
    public void register(Owner writer) {
        owner = writer;
    }

    /**
     * Returns whether a record is behind the owner's first snapshot although owners write such records only before it: records
     * of earlier stamps, whose producers the brokers refuse by then, and copies of this stamp.
     */
    boolean isTooLate(Stamp other, boolean copy, long offset) {
        return offset > begun && owner != null && (other.isBelow(stamp) || (copy && other.equals(stamp)));
    }

    /** Tells the owner that another program wrote a record at an offset or before it. Returns false if no owner is registered. */
    boolean forged(long offset, WalException found) {
        var registered = owner;
        if (registered != null) {
            dispute(offset);
            registered.forged(found);
        }
        return registered != null;
    }

    /** Ignores offsets before the first point: the records there can no longer be distinguished, so no opening could judge them. */
    private synchronized void dispute(long offset) {
        if (offset > points.getFirst().offset()) {
            disputed = Math.min(disputed, offset);
        }
    }

    /** Returns the first offset at which readers found a forged record, not judged yet; {@link Long#MAX_VALUE} if there is none. */
    synchronized long disputed() {
        return disputed;
    }

    /** Notes that an opening compared, from an offset on, the owner's records with the records that readers deliver. */
    synchronized void judgedFrom(long offset) {
        if (disputed >= offset) {
            disputed = Long.MAX_VALUE;
        }
    }

    /** Tells the owner that readers skipped a numbered record of another program, once for each snapshot that this needs. */
    void passedOver(long offset) {
        var registered = owner;
        synchronized (this) {
            if (offset <= snapshotRequestedBehind) {
                return;
            }
            snapshotRequestedBehind = Math.max(offset, lastOffset);
        }
        if (registered != null) {
            registered.passedOver();
        }
    }
}
