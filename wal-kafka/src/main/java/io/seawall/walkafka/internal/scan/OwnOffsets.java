package io.seawall.walkafka.internal.scan;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of one stamp are, as its owner was told with their acknowledgements. Kafka shows consumers no producer ids, so
 * this is how a record with the owner's header that another program wrote can be told from one of the owner's own. Bounded: of long
 * ago nothing is known any more. The owner writes it on its mailbox; anyone may ask.
 */
public final class OwnOffsets {
    /** Offsets jump about once a second, at each lane's marker. */
    private static final int MOST_POINTS = 512;

    /**
     * A place between two of the owner's records.
     *
     * @param lsn every record of the stamp below it stands at or below the offset, all others above
     * @param offset the offset
     */
    private record Point(long lsn, long offset) {}

    private final Stamp stamp;
    private final long begun; // the offset of its first snapshot
    private final Deque<Point> points = new ArrayDeque<>(); // guarded by this; rising, before each jump of the offsets
    private long next; // guarded by this; the LSN behind what is acknowledged
    private long lastOffset; // guarded by this; the offset of what was acknowledged last
    private final AtomicLong sentBelow; // written by the owner, read by anyone
    private long coveredBelow = -1; // guarded by this; behind foreign records up to here a snapshot was asked for
    private long disputed =
            Long.MAX_VALUE; // guarded by this; the first offset where readers found other records than they expect
    private volatile @Nullable Owner owner; // set once it writes

    /** Who writes. Called from any thread. */
    public interface Owner {
        /** Another program wrote records of its stamp: it has to take the log back, behind a snapshot of the next stamp. */
        void forged(WalException found);

        /** Another program wrote numbers that mean nothing: a snapshot behind them shows later openings where the log ends. */
        void passedOver();
    }

    /**
     * Those of an owner that begins.
     *
     * @param stamp who it is
     * @param snapshot its first snapshot: everything below its number precedes it
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

    /** Notes that everything below an LSN is handed to a producer; before it is. */
    public void sent(long below) {
        sentBelow.setRelease(below);
    }

    /**
     * Notes an acknowledgement, in the order of sending.
     *
     * @param first the first LSN
     * @param count how many LSNs; 0 for a record of the owner's own
     * @param offset where the last record is
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

    /** The highest offset of what is acknowledged. */
    public synchronized long lastOffset() {
        return lastOffset;
    }

    /** Whether it is known that the owner did not write this data record of its stamp at this offset. */
    synchronized boolean disowns(long lsn, long offset) {
        return disowns(lsn, lsn + 1, offset);
    }

    /** Whether it is known that the owner did not write a snapshot of this number at this offset: the log was not there then. */
    synchronized boolean disownsSnapshot(long number, long offset) {
        return disowns(number, number, offset);
    }

    /** The same for a record that stands for the LSNs from {@code first}, inclusive, to {@code end}, exclusive. */
    private boolean disowns(long first, long end, long offset) {
        if (owner == null) {
            return false; // nobody notes anything here
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

    /** From now on the owner notes what it writes, and is told of records of its stamp that another program wrote. */
    public void tell(Owner writer) {
        owner = writer;
    }

    /**
     * Whether a record stands behind the owner's first snapshot that can only stand before it: the brokers refuse earlier stamps by
     * then, and the owner has written all its copies.
     */
    boolean isTooLate(Stamp other, boolean copy, long offset) {
        return offset > begun && owner != null && (other.isBelow(stamp) || (copy && other.equals(stamp)));
    }

    /** Tells the owner that another program wrote into its log, at an offset or before; false if there is nobody to be told. */
    boolean forged(long offset, WalException found) {
        var told = owner;
        if (told != null) {
            dispute(offset);
            told.forged(found);
        }
        return told != null;
    }

    /** Of what is longer ago it is not known whose record is whose, so nobody could judge. */
    private synchronized void dispute(long offset) {
        if (offset > points.getFirst().offset()) {
            disputed = Math.min(disputed, offset);
        }
    }

    /** The first offset at which readers found records that they did not expect; {@link Long#MAX_VALUE} if there is none. */
    synchronized long disputed() {
        return disputed;
    }

    /** Somebody compared, from an offset on, what the owner wrote with what readers see. */
    synchronized void judgedFrom(long offset) {
        if (disputed >= offset) {
            disputed = Long.MAX_VALUE;
        }
    }

    /** Tells the owner that readers passed over a record with a number that no owner wrote. */
    void passedOver(long offset) {
        var told = owner;
        synchronized (this) {
            if (offset <= coveredBelow) {
                return;
            }
            coveredBelow = Math.max(offset, lastOffset);
        }
        if (told != null) {
            told.passedOver();
        }
    }
}
