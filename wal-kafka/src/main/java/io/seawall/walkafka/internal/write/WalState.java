package io.seawall.walkafka.internal.write;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.lease.LeaseWriter;
import io.seawall.walkafka.port.LaneFault;
import java.util.Optional;

/**
 * The state of an opened log (docs/protocol.md#recovery). {@link WalStateMachine} makes the transitions:
 *
 * <pre>
 *          lane failed                 superseded, topic gone, out of time
 *   Open ---------------> Recovering ------------------------------------> Over
 *    ^                      |                                               ^
 *    +----------------------+                                               |
 *    |     taken back                                                       |
 *    +----------------------------------------------------------------------+
 *          closed and idle, a broken invariant, offsets that went back
 * </pre>
 */
sealed interface WalState {
    /** A writer sends the appends. */
    record Open(LeaseWriter writer) implements WalState {
        Recovering toRecovering(Recovery recovery, long sinceMs, Optional<LaneFault> finalFault) {
            return new Recovering(recovery, sinceMs, finalFault);
        }
    }

    /**
     * A lane failed, and the log is being taken back. Appends wait.
     *
     * @param recovery takes the log back
     * @param sinceMs when the lane failed, by the log's clock
     * @param finalFault set if the log ends after this recovery: its appends failed with this fault each time that they were sent
     */
    record Recovering(Recovery recovery, long sinceMs, Optional<LaneFault> finalFault) implements WalState {
        Open toOpen(LeaseWriter writer) {
            return new Open(writer);
        }
    }

    /**
     * The log has ended or was closed.
     *
     * @param cause the error of all later calls
     */
    record Over(WalException cause) implements WalState {}
}
