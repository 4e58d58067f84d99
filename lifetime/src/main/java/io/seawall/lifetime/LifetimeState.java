package io.seawall.lifetime;

/**
 * A state of a pchannel on this node, expected or current.
 *
 * @param term the term, -1 before the first one
 * @param available whether the log is open here at that term
 */
public record LifetimeState(long term, boolean available) {
    /** The first state of every pchannel: nothing is expected and nothing is open. */
    public static final LifetimeState INITIAL = new LifetimeState(-1, false);

    static LifetimeState availableAt(long term) {
        return new LifetimeState(term, true);
    }

    static LifetimeState unavailableAt(long term) {
        return new LifetimeState(term, false);
    }

    /**
     * Compares states by term; in the same term available comes before unavailable. States only move forward, so a term is
     * available at most once.
     *
     * @param other the state to compare with
     * @return whether a pchannel may go from this state to the other; false if they are equal
     */
    public boolean isBefore(LifetimeState other) {
        return term < other.term || (term == other.term && available && !other.available);
    }

    @Override
    public String toString() {
        if (term < 0) {
            return "never opened";
        }
        return (available ? "open at term " : "closed at term ") + term;
    }
}
