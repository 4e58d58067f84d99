package io.seawall.node.ports;

import io.seawall.wal.PChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pchannel as this node sees it. Past values when they arrive.
 *
 * @param pchannel which one
 * @param ownership who may write it
 * @param positions how far it has come, or null if that is not known
 * @param state whether this node has it open
 * @param cause why it is not available, as one sentence without payload, or null
 * @param since when the state was entered, or null if it never was
 */
public record PChannelStatus(
        PChannel pchannel,
        Ownership ownership,
        @Nullable Positions positions,
        PChannelState state,
        @Nullable String cause,
        @Nullable Instant since) {
    /** Takes the parts as they are. */
    public PChannelStatus(
            PChannel pchannel,
            Ownership ownership,
            @Nullable Positions positions,
            PChannelState state,
            @Nullable String cause,
            @Nullable Instant since) {
        this.pchannel = pchannel;
        this.ownership = ownership;
        this.positions = positions;
        this.state = state;
        this.cause = cause;
        this.since = since;
    }

    /** The same with a tail that is not below the one given; unchanged where no positions are known. */
    public PChannelStatus withTailOf(long least) {
        if (positions == null || positions.tail() >= least) {
            return this;
        }
        var moved = new Positions(positions.oldest(), least, positions.flushed());
        return new PChannelStatus(pchannel, ownership, moved, state, cause, since);
    }

    /**
     * Who may write.
     *
     * @param term the last known term, -1 if there was none
     * @param epoch the last known epoch inside the term, -1 if there was none
     * @param owner the node that owns it, or null
     * @param url the URL under which the owner serves, without a slash at its end, or null
     */
    public record Ownership(
            long term,
            long epoch,
            @Nullable String owner,
            @Nullable String url) {
        /** Nobody has owned it yet, as far as is known. */
        public static final Ownership NONE = new Ownership(-1, -1, null, null);

        /** Takes the parts as they are. */
        public Ownership(long term, long epoch, @Nullable String owner, @Nullable String url) {
            this.term = term;
            this.epoch = epoch;
            this.owner = owner;
            this.url = url;
        }
    }

    /**
     * How far the log has come.
     *
     * @param oldest the LSN of the oldest record
     * @param tail the next LSN to be assigned
     * @param flushed the LSN below which every record is in a segment
     */
    public record Positions(long oldest, long tail, long flushed) {
        /** How many records are not in a segment yet. */
        public long lag() {
            return Math.max(0, tail - flushed);
        }
    }
}
