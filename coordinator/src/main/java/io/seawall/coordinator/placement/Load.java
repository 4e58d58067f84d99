package io.seawall.coordinator.placement;

/** What a node has, while a decision is made: what it is about to get counts as its own. Not thread-safe. */
final class Load {
    private int logs;
    private long rate;
    private int openings;
    private int slowOpenings;

    /** Counts a log that the node has. */
    void add(long logRate) {
        logs++;
        rate += logRate;
    }

    /** Takes back a log that the node is to lose. */
    void remove(long logRate) {
        logs--;
        rate -= logRate;
    }

    /** Counts a log that the node opens, or is to open as soon as its owner has released it. */
    void addOpening(boolean slow) {
        if (slow) {
            slowOpenings++;
        } else {
            openings++;
        }
    }

    /** Takes back an opening. */
    void removeOpening(boolean slow) {
        if (slow) {
            slowOpenings--;
        } else {
            openings--;
        }
    }

    int logs() {
        return logs;
    }

    long rate() {
        return rate;
    }

    /** Returns whether so many openings hang that a log is better off elsewhere. */
    boolean isStuck(PlacementSettings.Bounds bounds) {
        return openings + slowOpenings >= 2 * bounds.openings();
    }

    /** Returns whether the node may get another log to open. */
    boolean hasSlot(PlacementSettings.Bounds bounds) {
        return openings < bounds.openings() && !isStuck(bounds);
    }
}
