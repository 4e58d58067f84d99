package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment.Owner;

/**
 * A node as a decision sees it.
 *
 * @param owner the node and the process that it announced last
 * @param standing whether it is there to take logs
 * @param draining whether an operator empties it
 * @param forced whether the drain leaves no choice
 * @param freeze why nothing is to be moved to or from it; empty if it may
 * @param heldBack whether it gets no further logs now, because it restarted or did not react
 * @param flapping whether its logs are better off elsewhere, because it comes and goes
 */
record NodeView(
        Owner owner,
        Standing standing,
        boolean draining,
        boolean forced,
        String freeze,
        boolean heldBack,
        boolean flapping) {
    /** Whether a node is there to take logs. */
    enum Standing {
        /** It is in the group. */
        LIVE,
        /** It is in the group and hands over its logs, because it is about to end. */
        LEAVING,
        /** It is not in the group, and may come back. */
        AWAY,
        /** It is not in the group, and is not waited for any more. */
        GONE,
        /** It was reported dead, whatever the group says. */
        SUSPECTED,
        /** It announced itself in a way that this version cannot read. */
        UNREADABLE
    }

    /** The worst tier: a node that must get no log. */
    static final int NEVER = 3;

    NodeView toHeldBack() {
        return new NodeView(owner, standing, draining, forced, freeze, true, flapping);
    }

    String id() {
        return owner.node();
    }

    boolean isThere() {
        return standing == Standing.LIVE || standing == Standing.LEAVING;
    }

    /**
     * Returns how well the node suits a log that needs an owner: 0 is best. A log goes to a worse tier only if the better ones
     * have no node at all, because a log without an owner is worse than one in the wrong place.
     */
    int tier() {
        if (standing != Standing.LIVE || forced) {
            return NEVER;
        }
        if (draining) {
            return 2;
        }
        return heldBack || !freeze.isEmpty() ? 1 : 0;
    }

    /** Returns whether a log that has a healthy owner may be moved here. */
    boolean takesMoves() {
        return tier() == 0;
    }

    /** Returns whether a log that was here before, or is wanted here, may be opened here. */
    boolean takesOwn() {
        return standing == Standing.LIVE && !draining && !flapping;
    }

    /** Returns the node's state for a person. */
    String describe() {
        var state = switch (standing) {
            case LIVE -> draining ? "is drained" : heldBack ? "has just restarted" : "is there";
            case LEAVING -> "is leaving";
            case AWAY -> "is away and may come back";
            case GONE -> "is gone";
            case SUSPECTED -> "was reported dead";
            case UNREADABLE -> "announced itself in a later format";
        };
        return id() + " " + state + (freeze.isEmpty() ? "" : ", frozen: " + freeze);
    }
}
