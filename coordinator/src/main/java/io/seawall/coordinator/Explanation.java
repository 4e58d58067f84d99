package io.seawall.coordinator;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Unowned;
import io.seawall.coordinator.meta.MetaRecord.Pin;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.Reason;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Why a log is where it is.
 *
 * @param assignment the assignment: phase, term, node, and since when and why
 * @param failures how many terms in a row failed before this one
 * @param report what the owner reports; empty if it has not reported yet
 * @param rivals what processes met in the log: terms of others, and who fenced them
 * @param pin the node to which an operator pinned the log
 * @param waits what the log waits for; known to the coordinator only
 * @param transitions the last changes, oldest first, at most 20
 */
public record Explanation(
        Assignment assignment,
        int failures,
        Optional<Status> report,
        List<Status> rivals,
        Optional<Pin> pin,
        Optional<String> waits,
        List<Transition> transitions) {
    /**
     * One change of a log.
     *
     * @param at when it was written, by the wall clock of the node that wrote it
     * @param what what the log became: a phase of its assignment, or a condition on its owner
     * @param node the node
     * @param term the term
     * @param text why
     * @param lasted how long it lasted; empty for the last one. Clocks of two nodes differ, so it may be off by their difference
     */
    public record Transition(Instant at, String what, String node, long term, String text, Optional<Duration> lasted) {}

    static Optional<Explanation> of(PChannel pchannel, MetaState state, History history, Optional<String> waits) {
        return state.assignment(pchannel)
                .or(() -> unplaced(pchannel, state))
                .map(assignment -> new Explanation(
                        assignment,
                        assignment instanceof Owned owned ? owned.failures() : 0,
                        assignment.process().flatMap(owner -> state.status(pchannel, owner.incarnation())),
                        state.statuses(pchannel).stream()
                                .filter(status -> !status.rival().isEmpty())
                                .toList(),
                        state.pin(pchannel),
                        waits,
                        history.of(pchannel)));
    }

    private static Optional<Assignment> unplaced(PChannel pchannel, MetaState state) {
        var note = new Note(Reason.NEW, "it was not placed yet", Instant.EPOCH);
        return state.pchannels().contains(pchannel)
                ? Optional.of(new Unowned(pchannel, -1, "", note))
                : Optional.empty();
    }
}
