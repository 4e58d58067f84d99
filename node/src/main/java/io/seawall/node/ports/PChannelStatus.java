package io.seawall.node.ports;

import io.seawall.wal.PChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a pchannel as this node sees it.
 *
 * @param pchannel the pchannel
 * @param ownership who may write to it
 * @param positions its positions, or null if they are not known
 * @param state whether this node has it open
 * @param cause why it is not available, as one sentence without payload, or null
 * @param since when the assignment's current target was reached, or null if it never was
 * @param assigned the node's assignment for it, or null if there is none
 * @param flush the state of its flushing on this node, or null if it is not flushed here
 * @param oddities what this node found out of the ordinary
 * @param placement where the cluster means it to be, or null if this node is in no cluster or the cluster does not know it
 */
public record PChannelStatus(
        PChannel pchannel,
        Ownership ownership,
        @Nullable Positions positions,
        PChannelState state,
        @Nullable String cause,
        @Nullable Instant since,
        @Nullable Assigned assigned,
        @Nullable Flush flush,
        Oddities oddities,
        @Nullable Placement placement) {
    /** Creates a status of a pchannel that is not flushed here, and in no cluster. */
    public PChannelStatus(
            PChannel pchannel,
            Ownership ownership,
            @Nullable Positions positions,
            PChannelState state,
            @Nullable String cause,
            @Nullable Instant since,
            @Nullable Assigned assigned) {
        this(pchannel, ownership, positions, state, cause, since, assigned, null, Oddities.NONE, null);
    }

    /** Written out because javac 17 drops the Nullable from a compact constructor. */
    @SuppressWarnings("TooManyParameters") // one for each member
    public PChannelStatus(
            PChannel pchannel,
            Ownership ownership,
            @Nullable Positions positions,
            PChannelState state,
            @Nullable String cause,
            @Nullable Instant since,
            @Nullable Assigned assigned,
            @Nullable Flush flush,
            Oddities oddities,
            @Nullable Placement placement) {
        this.pchannel = pchannel;
        this.ownership = ownership;
        this.positions = positions;
        this.state = state;
        this.cause = cause;
        this.since = since;
        this.assigned = assigned;
        this.flush = flush;
        this.oddities = oddities;
        this.placement = placement;
    }

    /** Returns this status with a tail of at least {@code least}; unchanged if the positions are not known. */
    public PChannelStatus withTailOf(long least) {
        if (positions == null || positions.tail() >= least) {
            return this;
        }
        var moved = new Positions(positions.oldest(), least, positions.flushed());
        return new PChannelStatus(
                pchannel, ownership, moved, state, cause, since, assigned, flush, oddities, placement);
    }

    /**
     * Who may write.
     *
     * @param term the last known term, -1 if there was none
     * @param epoch the last known epoch within the term, -1 if there was none
     * @param owner the node that owns it, or null
     * @param url the URL under which the owner serves, without a slash at its end, or null
     * @param grpc where the owner serves gRPC, as host:port, or null
     */
    public record Ownership(
            long term,
            long epoch,
            @Nullable String owner,
            @Nullable String url,
            @Nullable String grpc) {
        /** No known owner. */
        public static final Ownership NONE = new Ownership(-1, -1, null, null);

        /** Creates an ownership of a node whose gRPC address is not known. */
        public Ownership(long term, long epoch, @Nullable String owner, @Nullable String url) {
            this(term, epoch, owner, url, null);
        }

        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        public Ownership(long term, long epoch, @Nullable String owner, @Nullable String url, @Nullable String grpc) {
            this.term = term;
            this.epoch = epoch;
            this.owner = owner;
            this.url = url;
            this.grpc = grpc;
        }
    }

    /**
     * Where the cluster means a pchannel to be.
     *
     * @param phase the phase of its assignment, as a stable name
     * @param why why it is in that phase, and at that node, as a sentence
     * @param code the stable name of the error for which it is in quarantine, or null
     */
    public record Placement(
            String phase, String why, @Nullable String code) {
        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        public Placement(String phase, String why, @Nullable String code) {
            this.phase = phase;
            this.why = why;
            this.code = code;
        }
    }

    /**
     * The assignment of a pchannel on this node, and its progress.
     *
     * @param expected the last expectation
     * @param current the target that was reached, or null if none was reached yet
     * @param termsSeen how many different terms were assigned
     * @param lastFailure the last failure, also if the pchannel has recovered since, or null
     */
    public record Assigned(
            Target expected,
            @Nullable Target current,
            long termsSeen,
            @Nullable Failure lastFailure) {
        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        public Assigned(Target expected, @Nullable Target current, long termsSeen, @Nullable Failure lastFailure) {
            this.expected = expected;
            this.current = current;
            this.termsSeen = termsSeen;
            this.lastFailure = lastFailure;
        }
    }

    /**
     * A target: open at a term, or not.
     *
     * @param term the term
     * @param available whether the log is open at it
     */
    public record Target(long term, boolean available) {}

    /**
     * An unexpected end of a term.
     *
     * @param term the term
     * @param at when it ended
     * @param code the error's code, a stable name
     * @param error the error as one sentence without payload
     */
    public record Failure(long term, Instant at, String code, String error) {}

    /**
     * The positions of a log.
     *
     * @param oldest the LSN of the oldest record
     * @param tail the next LSN to be assigned
     * @param flushed the LSN below which every record is in a segment
     */
    public record Positions(long oldest, long tail, long flushed) {
        /** Returns how many records are not in a segment yet. */
        public long lag() {
            return Math.max(0, tail - flushed);
        }
    }

    /**
     * The state of flushing.
     *
     * @param state the current activity, as a stable name
     * @param paused whether flushing is paused
     * @param waitsFor what it waits for, as a stable name, or null
     * @param failures how many attempts in a row have failed
     * @param error the last failure, or what stopped it, as one sentence without payload, or null
     * @param trimError why the log is not trimmed up to the end of its segments, or null
     */
    public record Flush(
            String state,
            boolean paused,
            @Nullable String waitsFor,
            int failures,
            @Nullable String error,
            @Nullable String trimError) {
        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        public Flush(
                String state,
                boolean paused,
                @Nullable String waitsFor,
                int failures,
                @Nullable String error,
                @Nullable String trimError) {
            this.state = state;
            this.paused = paused;
            this.waitsFor = waitsFor;
            this.failures = failures;
            this.error = error;
            this.trimError = trimError;
        }

        /** Returns this state with a reason to wait, unless it has one already. */
        public Flush waitingFor(String what) {
            return new Flush(state, paused, waitsFor == null ? what : waitsFor, failures, error, trimError);
        }
    }

    /**
     * What is unusual about a log that this node has open or is opening.
     *
     * @param transaction the transaction that holds up the committed view, or null
     * @param timestampsAheadMs how far the log's timestamps are ahead of this node's clock, or null if clocks may differ by that
     */
    public record Oddities(
            @Nullable Transaction transaction, @Nullable Long timestampsAheadMs) {
        /** Nothing is unusual. */
        public static final Oddities NONE = new Oddities(null, null);

        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        public Oddities(@Nullable Transaction transaction, @Nullable Long timestampsAheadMs) {
            this.transaction = transaction;
            this.timestampsAheadMs = timestampsAheadMs;
        }
    }

    /**
     * An open transaction of another program on the log's partition: records that are committed behind it are not visible.
     *
     * @param transactionalId its transactional id, or null if no coordinator knows it
     * @param producerId the id of its producer
     * @param offset its first offset
     * @param since when this node found it
     */
    public record Transaction(@Nullable String transactionalId, long producerId, long offset, Instant since) {
        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        public Transaction(@Nullable String transactionalId, long producerId, long offset, Instant since) {
            this.transactionalId = transactionalId;
            this.producerId = producerId;
            this.offset = offset;
            this.since = since;
        }
    }
}
