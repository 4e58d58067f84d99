package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.Optional;

/** What an operator, or the part of a node that manages topics, asks of the coordinator. */
public sealed interface Command {
    /** A topic was created or has grown. */
    record AddTopic(String name, int pchannels) implements Command {}

    /** A topic was deleted. */
    record RemoveTopic(String name) implements Command {}

    /** A log is to be on a node. */
    record PinLog(PChannel pchannel, String node, String reason) implements Command {}

    /** A log may be anywhere again. */
    record UnpinLog(PChannel pchannel) implements Command {}

    /**
     * A node is to be emptied.
     *
     * @param forced whether its logs are to leave it even if they then have no owner
     */
    record DrainNode(String node, boolean forced, String reason) implements Command {}

    /** A node takes logs again. */
    record ResumeNode(String node) implements Command {}

    /**
     * Logs with a healthy owner are not to be moved.
     *
     * @param scope {@link MetaKey#freezeAll}, {@link MetaKey#freezeNode} or {@link MetaKey#freezePChannel}
     * @param lasts how long it lasts; empty if it lasts until it is taken back
     */
    record FreezeMoves(MetaKey scope, String reason, Optional<Duration> lasts) implements Command {}

    /** The end of a freeze. */
    record ThawMoves(MetaKey scope) implements Command {}

    /** A log that was mended is to be tried once more. */
    record Unquarantine(PChannel pchannel) implements Command {}

    /** A node does not come back. */
    record ForgetNode(String node) implements Command {}
}
