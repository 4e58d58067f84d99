package io.seawall.node.ports;

import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The pchannels that this node is expected to own, and those that it owns. */
public interface Assignments {
    /**
     * Sets the expectation for a pchannel. Does not block.
     *
     * <p>The future fails with a {@link io.seawall.wal.WalException}: IGNORED for a term that is not above the one held,
     * SUPERSEDED if a later expectation replaced this one, TERM_EXPIRED and the opener's other errors, INVALID if the
     * cluster gives out terms, NOT_FOUND for an unknown pchannel.
     *
     * @param pchannel the pchannel
     * @param term 0 or more
     * @param available whether it is to be open here at that term
     * @return completes when the pchannel is in the expected state; a caller that stops waiting changes nothing
     */
    CompletableFuture<Void> assign(PChannel pchannel, long term, boolean available);

    /**
     * Returns the status of every known pchannel, in their order. The positions of a pchannel are null if they could not be found
     * within some seconds. May block for longer if Kafka does not answer.
     */
    List<PChannelStatus> statuses();

    /**
     * Returns the status of every pchannel that this node has an expectation for. Does not block, so that metrics can use
     * it.
     */
    List<PChannelStatus> local();

    /**
     * Returns the status of one pchannel. May block for as long as Kafka takes.
     *
     * @throws io.seawall.wal.RequestException with code NOT_FOUND if there is no such pchannel
     */
    PChannelStatus status(PChannel pchannel);

    /**
     * Returns the open log of a pchannel that this node owns. Does not block.
     *
     * @throws io.seawall.wal.OwnershipException with code NOT_OWNER if it is not open here
     * @throws io.seawall.wal.RequestException with code NOT_FOUND if there is no such pchannel
     */
    Wal ownedWal(PChannel pchannel);

    /**
     * Deletes the oldest records of a log that this node owns, as {@link Wal#trim} does. A refusal contains the oldest LSN
     * that can be read, from Kafka or from segments. Does not block.
     *
     * @param pchannel the pchannel
     * @param before the oldest LSN to keep
     * @return the oldest LSN that is left in Kafka
     * @throws io.seawall.wal.WalException as {@link #ownedWal}
     */
    CompletableFuture<Long> trim(PChannel pchannel, long before);
}
