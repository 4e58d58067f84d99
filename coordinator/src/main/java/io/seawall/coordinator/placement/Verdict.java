package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Reason;

/** What one log needs now. */
sealed interface Verdict {
    /**
     * The log is where it is to be.
     *
     * @param node the node for which it counts
     * @param open whether it is open there; otherwise it is being opened
     * @param ageMs for how long it has been open, or the opening has lasted
     */
    record Stays(String node, boolean open, long ageMs) implements Verdict {}

    /**
     * The log is being released.
     *
     * @param target the node for which it counts; empty for none
     */
    record Releases(String target) implements Verdict {}

    /**
     * Nothing can be done yet.
     *
     * @param node the node for which the log counts; empty for none
     * @param why what it waits for
     */
    record Waits(String node, String why) implements Verdict {}

    /**
     * The log needs an owner now.
     *
     * @param home the node that is preferred; empty for none
     * @param avoid the node that is used only if there is no other; empty for none
     * @param failures how many terms in a row failed
     * @param reason why it needs one
     * @param text what was seen
     * @param fault the node that did not react and is to get no further logs for a while; empty for none
     */
    record Needs(String home, String avoid, int failures, Reason reason, String text, String fault) implements Verdict {
        static Needs of(String home, Reason reason, String text) {
            return new Needs(home, "", 0, reason, text, "");
        }

        /** Returns whether the owner is there and may open the log yet, as long as no other gets it. */
        boolean isOverdue() {
            return reason == Reason.UNRESPONSIVE || reason == Reason.OVERDUE;
        }
    }

    /**
     * Only a person can mend the log.
     *
     * @param code the stable name of the error
     * @param text its message
     */
    record Quarantines(String code, String text) implements Verdict {}

    /** The log was released and is to have no owner. */
    record Rests() implements Verdict {}

    /** The log has no part in placement: quarantined, or without a topic. */
    record Idles() implements Verdict {}
}
