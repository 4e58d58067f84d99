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
 * The rule of the live view for an owner who is to go on with a log, or to say what is in it. Where another program wrote records
 * with Seawall's headers, he must know which ones count: what he knows of his own offsets, or a snapshot that gave higher numbers
 * before, decides; if neither does, he refuses. And readers, who know less, must come to the same records, or he refuses too.
 */
public final class CheckedRule {
    private final String operation;
    private final PChannel pchannel;
    private final Owners.Known known;
    private final Taken genuine;
    private final Taken shown;
    private Stamp disputed = Stamp.NONE; // the highest one of which another program wrote records
    private Stamp settled = Stamp.NONE;
    private long settledBelow; // every number of that stamp below this one was given before

    /** Which records a position has taken so far. */
    private static final class Taken {
        private Position position;
        private long sum;

        Taken(Position start) {
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

        boolean isAs(Taken other) {
            return sum == other.sum && position.next() == other.position.next();
        }
    }

    /**
     * Begins.
     *
     * @param operation what is attempted, for errors
     * @param start where the rule stands
     * @param known what owners in this process know
     */
    public CheckedRule(String operation, PChannel pchannel, Position start, Owners.Known known) {
        this.operation = operation;
        this.pchannel = pchannel;
        this.known = known;
        this.genuine = new Taken(start);
        this.shown = new Taken(start);
    }

    /**
     * Takes the next record, which has a header.
     *
     * @return what to do with it; {@link Action#FOREIGN} if its owner did not write it, and never {@link Action#FORGED}
     * @throws WalException with FORGED if that cannot be told
     */
    public Step take(LogEntry entry, WalHeader header) {
        shown.next(entry, header, header.stamp().equals(disputed));
        if (known.disowns(entry)) {
            dispute(header.stamp());
            return new Step(genuine.position, Action.FOREIGN);
        }
        var step = genuine.next(entry, header, false);
        if (step.action() == Action.FORGED) {
            if (!isSettled(header.stamp(), entry.lsn())) {
                throw forged(entry);
            }
            dispute(header.stamp());
            return new Step(genuine.position, Action.FOREIGN);
        }
        if (step.action() == Action.PASS && header.kind() == WalHeader.Kind.SNAPSHOT) {
            settled = header.stamp();
            settledBelow = entry.lsn();
        }
        return step;
    }

    /** Readers pass over records of a lower stamp anyway: the higher one stays disputed. */
    private void dispute(Stamp stamp) {
        disputed = stamp.isAbove(disputed) ? stamp : disputed;
    }

    private boolean isSettled(Stamp stamp, long number) {
        return stamp.equals(settled) && number < settledBelow;
    }

    /** Notes a snapshot that the walk begins behind. */
    public CheckedRule settledBy(Stamp stamp, long number) {
        settled = stamp;
        settledBelow = number;
        return this;
    }

    /** What is said of a record of which the owner cannot tell whether it is his. */
    public WalException forged(LogEntry entry) {
        return DataLossErrors.forged(operation, pchannel, entry, genuine.position.next());
    }

    /** Whether readers, who do not know what an owner knows, come to the same records. */
    public boolean isAsShown() {
        return genuine.isAs(shown);
    }

    /** Where the rule stands. */
    public Position position() {
        return genuine.position;
    }
}
