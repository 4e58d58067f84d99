package io.seawall.lifetime;

/**
 * A state of a pchannel on this node, expected or current.
 *
 * @param term the term, -1 before the first one
 * @param available whether the log is open here at that term
 */
public record LifetimeState(long term, boolean available) {
    /** Where every pchannel starts: nothing expected, nothing there. */
    public static final LifetimeState INITIAL = new LifetimeState(-1, false);

    /** Available at a term. */
    static LifetimeState availableAt(long term) {
        return new LifetimeState(term, true);
    }

    /** Unavailable at a term. */
    static LifetimeState unavailableAt(long term) {
        return new LifetimeState(term, false);
    }

    /**
     * The order of states: the lower term first; in the same term available before unavailable. States only move forward, so
     * a term is available at most once.
     *
     * @param other the state to compare with
     * @return whether a pchannel may go from this state to the other; false if they are equal
     */
    public boolean isBefore(LifetimeState other) {
        return term < other.term || (term == other.term && available && !other.available);
    }

    @Override
    public String toString() {
        return "(" + term + (available ? ", available)" : ", unavailable)");
    }
}
