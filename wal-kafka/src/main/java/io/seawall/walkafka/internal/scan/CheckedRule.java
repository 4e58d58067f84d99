package io.seawall.walkafka.internal.scan;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.LiveRule;
import io.seawall.walkafka.internal.format.LiveRule.Action;
import io.seawall.walkafka.internal.format.LiveRule.Position;
import io.seawall.walkafka.internal.format.LiveRule.Step;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;

/**
 * The live rule for openings and recoveries, which must know exactly which records count even if another program wrote records with
 * Seawall's headers. A record is foreign if the owner's offsets show that the owner did not write it, or if an earlier snapshot
 * already has a higher number. If neither decides, the walk fails with FORGED.
 *
 * <p>Readers do not have the owner's offsets. So the class also follows the rule as readers do; callers ask
 * {@link #readersAgree()} at the end, and refuse the log if readers would deliver other records.
 */
public final class CheckedRule {
    private final String operation;
    private final PChannel pchannel;
    private final Owners.Known known;
    private final Walk owners; // as an owner follows the rule
    private final Walk readers; // as readers follow it
    private Stamp disputed = Stamp.NONE; // the highest stamp that another program used
    private Stamp snapshotStamp = Stamp.NONE; // of the last snapshot
    private long snapshotLsn; // of the last snapshot: its stamp used every number below this one before it

    /** A position of the rule, and a checksum over the offsets of the records that it delivered. */
    private static final class Walk {
        private Position position;
        private long sum;

        Walk(Position start) {
            this.position = start;
        }

        Step next(LogEntry entry, WalHeader header, boolean passing) {
            var step = LiveRule.next(passing ? LiveRule.passing(position, header) : position, header);
            position = step.position();
            if (step.action() == Action.DELIVER || step.action() == Action.BUFFER) {
                sum = sum * 31 + entry.offset();
            }
            return step;
        }

        boolean agrees(Walk other) {
            return sum == other.sum && position.next() == other.position.next();
        }
    }

    /**
     * Creates a rule.
     *
     * @param operation the operation, for errors
     * @param start the position at which the walk begins
     * @param known what owners in this process know of their own records
     */
    public CheckedRule(String operation, PChannel pchannel, Position start, Owners.Known known) {
        this.operation = operation;
        this.pchannel = pchannel;
        this.known = known;
        this.owners = new Walk(start);
        this.readers = new Walk(start);
    }

    /**
     * Takes the next record.
     *
     * @return what to do with it; {@link Action#FOREIGN} if its owner did not write it, and never {@link Action#FORGED}
     * @throws WalException with FORGED if the rule cannot decide whether its owner wrote it
     */
    public Step take(LogEntry entry, WalHeader header) {
        readers.next(entry, header, header.stamp().equals(disputed));
        if (known.disowns(entry)) {
            dispute(header.stamp());
            return new Step(owners.position, Action.FOREIGN);
        }
        var step = owners.next(entry, header, false);
        if (step.action() == Action.FORGED) {
            if (!isBelowSnapshot(header.stamp(), entry.lsn())) {
                throw forged(entry);
            }
            dispute(header.stamp());
            return new Step(owners.position, Action.FOREIGN);
        }
        if (step.action() == Action.PASS && header.kind() == WalHeader.Kind.SNAPSHOT) {
            afterSnapshot(header.stamp(), entry.lsn());
        }
        return step;
    }

    /** Keeps the highest disputed stamp: readers skip records of lower stamps anyway. */
    private void dispute(Stamp stamp) {
        disputed = stamp.isAbove(disputed) ? stamp : disputed;
    }

    private boolean isBelowSnapshot(Stamp stamp, long lsn) {
        return stamp.equals(snapshotStamp) && lsn < snapshotLsn;
    }

    /** Notes the last snapshot before the next record. */
    public CheckedRule afterSnapshot(Stamp stamp, long lsn) {
        snapshotStamp = stamp;
        snapshotLsn = lsn;
        return this;
    }

    /** Returns the error for a record of which the rule cannot decide whether its owner wrote it. */
    public WalException forged(LogEntry entry) {
        return DataLossErrors.forged(operation, pchannel, entry, owners.position.next());
    }

    /** Returns whether readers, who know less than owners, deliver the same records. */
    public boolean readersAgree() {
        return owners.agrees(readers);
    }

    /** Returns the position after the last record. */
    public Position position() {
        return owners.position;
    }
}
