package io.seawall.coordinator;

import io.seawall.wal.PChannel;
import java.util.HashMap;
import java.util.Map;

/** A log itself: it refuses terms that are not above all that it has seen. Everything that disturbs its openings is set here. */
final class SimLog {
    private final PChannel pchannel;
    private final Map<Long, String> openedBy = new HashMap<>();
    private long highest = -1;
    private String holder = "";
    private long failsUntilMs;
    private long slowUntilMs;
    private boolean lost;

    SimLog(PChannel pchannel) {
        this.pchannel = pchannel;
    }

    PChannel pchannel() {
        return pchannel;
    }

    /** Claims a term; returns whether it is the highest. */
    boolean claim(long term, String process) {
        if (term <= highest) {
            return false;
        }
        highest = term;
        holder = process;
        var other = openedBy.put(term, process);
        if (other != null) {
            throw new AssertionError("term " + term + " of " + pchannel + " opened by " + other + " and " + process);
        }
        return true;
    }

    /** A program outside of the cluster claims a term. */
    void claimFromOutside() {
        highest += 40;
        holder = "outside";
    }

    long highest() {
        return highest;
    }

    String holder() {
        return holder;
    }

    void failUntil(long ms) {
        failsUntilMs = ms;
    }

    void slowUntil(long ms) {
        slowUntilMs = ms;
    }

    void lost(boolean now) {
        lost = now;
    }

    boolean isLost() {
        return lost;
    }

    boolean fails(long nowMs) {
        return nowMs < failsUntilMs;
    }

    boolean isSlow(long nowMs) {
        return nowMs < slowUntilMs;
    }
}
