package io.seawall.coordinator;

import io.seawall.coordinator.placement.Planner;
import io.seawall.coordinator.placement.Situation;
import java.time.Duration;
import java.util.Optional;

/**
 * A plan that changed nothing and left no log waiting, and the situation that it was made for. The next plan for the same situation
 * would be the same until time changes it (a freeze ends, or a log has been open for long enough to be moved), or until other byte
 * rates make a move for balance worth its while. None of that is urgent, so a coordinator at rest plans only once in
 * {@link #LONGEST}: with a thousand logs a plan costs milliseconds, and under load the rates change all the time.
 *
 * @param seen the situation of that plan
 */
record Rest(Situation seen) {
    static final Duration LONGEST = Duration.ofSeconds(1);

    /** Returns the rest after a plan; empty if the plan has changes, or if a log waits for something. */
    static Optional<Rest> after(Situation seen, Planner.Plan plan) {
        return plan.changes().isEmpty()
                        && plan.waits().isEmpty()
                        && seen.members().isPresent()
                ? Optional.of(new Rest(seen))
                : Optional.empty();
    }

    /** Returns whether a plan for this situation can wait. */
    @SuppressWarnings("ReferenceEquality") // Each batch of news makes another state; comparing all records costs more.
    boolean covers(Situation next) {
        return next.state() == seen.state()
                && next.hints().isEmpty()
                && next.memberId().equals(seen.memberId())
                && next.members()
                        .map(Situation.Members::nodes)
                        .equals(seen.members().map(Situation.Members::nodes))
                && next.now().elapsedMs() - seen.now().elapsedMs() < LONGEST.toMillis();
    }
}
