package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.placement.PlacementSettings.Absence;
import io.seawall.coordinator.placement.PlacementSettings.Pauses;

/**
 * What one process has seen of a node.
 *
 * @param incarnation the process that the node announced last
 * @param beat the beat that it announced last
 * @param knownMs since when this incarnation and beat are known
 * @param arrivedMs since when this incarnation and beat are known, or the node is back in the group, whichever is later
 * @param presence whether the node is in the group; unknown to a process that does not coordinate
 * @param goneMs when a node that is not in the group gave its last sign of life, as far as that is known
 * @param flaps how many restarts, departures and faults came in a row
 * @param flapMs when the last of them was seen
 */
record NodeWatch(
        String incarnation,
        long beat,
        long knownMs,
        long arrivedMs,
        Presence presence,
        long goneMs,
        int flaps,
        long flapMs) {
    /** A time before every clock; far from the end of the range, so that differences do not overflow. */
    static final long LONG_AGO = Long.MIN_VALUE / 4;

    /** A node with so many flaps in a row loses its logs at once, and does not get them back when it returns. */
    static final int FLAPPING = 3;

    enum Presence {
        UNKNOWN,
        IN,
        OUT
    }

    static NodeWatch first(Node node, long nowMs) {
        return new NodeWatch(node.incarnation(), node.beat(), nowMs, nowMs, Presence.UNKNOWN, nowMs, 0, LONG_AGO);
    }

    /** Starts to watch a node that announced itself in a way that this version cannot read. */
    static NodeWatch unreadable(long nowMs) {
        return new NodeWatch("", -1, nowMs, nowMs, Presence.UNKNOWN, nowMs, 0, LONG_AGO);
    }

    boolean isInGroup() {
        return presence == Presence.IN;
    }

    /** Another incarnation is a restart; another beat is a node that came back after it was taken for dead. */
    NodeWatch announced(Node node, long nowMs, Pauses pauses) {
        if (node.incarnation().equals(incarnation) && node.beat() == beat) {
            return this;
        }
        var again = flapped(nowMs, pauses);
        return new NodeWatch(node.incarnation(), node.beat(), nowMs, nowMs, presence, nowMs, again.flaps, again.flapMs);
    }

    /** Forgets what the group said. */
    NodeWatch unseen() {
        return presence == Presence.UNKNOWN
                ? this
                : new NodeWatch(incarnation, beat, knownMs, arrivedMs, Presence.UNKNOWN, goneMs, flaps, flapMs);
    }

    NodeWatch inGroup(long nowMs, Pauses pauses) {
        return switch (presence) {
            case IN -> this;
            // The first observation of a coordinator: the node has been there for as long as this process knows it.
            case UNKNOWN -> new NodeWatch(incarnation, beat, knownMs, arrivedMs, Presence.IN, goneMs, flaps, flapMs);
            case OUT -> {
                var again = flapped(nowMs, pauses);
                yield new NodeWatch(incarnation, beat, knownMs, nowMs, Presence.IN, goneMs, again.flaps, again.flapMs);
            }
        };
    }

    /**
     * The group drops a static member only after a session without a heartbeat, so that time counts as grace. It counts only as
     * far as this process knew the node and was a member itself: members of a group that was deleted are not silent, they have
     * only not joined again yet.
     */
    NodeWatch outOfGroup(long nowMs, long joinedMs, Absence absence) {
        if (presence == Presence.OUT) {
            return this;
        }
        var provenMs = Math.max(knownMs, joinedMs);
        var silentSinceMs = Math.max(provenMs, nowMs - absence.session().toMillis());
        return new NodeWatch(incarnation, beat, knownMs, arrivedMs, Presence.OUT, silentSinceMs, flaps, flapMs);
    }

    /** Counts a fault; several that are seen at the same observation count once. */
    NodeWatch flapped(long nowMs, Pauses pauses) {
        if (flapMs == nowMs) {
            return this;
        }
        var inARow = nowMs - flapMs <= pauses.flapMost().toMillis();
        return new NodeWatch(incarnation, beat, knownMs, arrivedMs, presence, goneMs, inARow ? flaps + 1 : 1, nowMs);
    }

    /** Returns whether the node is to get no further logs now. */
    boolean isHeldBack(long nowMs, Pauses pauses) {
        return flaps > 0 && nowMs - flapMs < pauses.flapPauseMs(flaps);
    }

    /** Returns whether the node comes and goes so often that its logs are better off elsewhere. */
    boolean isFlapping(long nowMs, Pauses pauses) {
        return flaps >= FLAPPING && isHeldBack(nowMs, pauses);
    }
}
