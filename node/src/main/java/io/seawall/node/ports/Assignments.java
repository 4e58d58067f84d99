package io.seawall.node.ports;

import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Which pchannels this node is expected to own, and which it does. */
public interface Assignments {
    /**
     * States what is expected of a pchannel. Does not block.
     *
     * <p>The future fails with a {@link io.seawall.wal.WalException}: IGNORED for a term that is not above the one held,
     * SUPERSEDED when a later expectation replaced this one, TERM_EXPIRED and the opener's other errors, INVALID where terms are
     * not given from outside (mode single), NOT_FOUND for an unknown pchannel.
     *
     * @param pchannel which one
     * @param term 0 or more
     * @param available whether it is to be open here at that term
     * @return completes when the pchannel is in the expected state; whoever stops waiting changes nothing
     */
    CompletableFuture<Void> assign(PChannel pchannel, long term, boolean available);

    /** Every known pchannel, in their order. May block for as long as Kafka takes. */
    List<PChannelStatus> statuses();

    /** Every pchannel that this node has an expectation for. Does not block: for metrics. */
    List<PChannelStatus> local();

    /**
     * One pchannel. May block for as long as Kafka takes.
     *
     * @throws io.seawall.wal.RequestException with code NOT_FOUND if there is no such pchannel
     */
    PChannelStatus status(PChannel pchannel);

    /**
     * The open log of a pchannel that this node owns. Does not block.
     *
     * @throws io.seawall.wal.OwnershipException with code NOT_OWNER if it is not open here
     * @throws io.seawall.wal.RequestException with code NOT_FOUND if there is no such pchannel
     */
    Wal ownedWal(PChannel pchannel);

    /**
     * Deletes the oldest records of a log that this node owns, as {@link Wal#trim} does; a refusal names the oldest LSN that can be
     * read, in Kafka or elsewhere. Does not block.
     *
     * @param pchannel which one
     * @param before the oldest LSN to keep
     * @return the oldest LSN that is left in Kafka
     * @throws io.seawall.wal.WalException as {@link #ownedWal}
     */
    CompletableFuture<Long> trim(PChannel pchannel, long before);
}
