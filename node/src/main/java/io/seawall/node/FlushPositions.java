package io.seawall.node;

import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.PChannel;
import java.util.Optional;
import java.util.OptionalLong;

/** How far logs are flushed. Positions are LSNs below which every record is in a segment. Thread-safe. */
interface FlushPositions {
    /** Returns the position as this node's flusher knows it, without asking the store; empty if it does not flush the log. */
    OptionalLong known(PChannel pchannel);

    /** Returns the end of the segments in the store; empty if there are none. Blocks. */
    OptionalLong stored(PChannel pchannel);

    /** Returns the state of this node's flusher; empty if it does not flush the log. */
    Optional<PChannelStatus.Flush> state(PChannel pchannel);
}
