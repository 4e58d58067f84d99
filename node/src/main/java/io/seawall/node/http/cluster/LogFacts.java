package io.seawall.node.http.cluster;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.Assignment.Quarantined;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaState;
import java.util.List;
import java.util.Optional;

/**
 * A log, as the meta topic has it.
 *
 * @param assignment its assignment
 * @param owner the process that has to have it open or to close it; empty if none has
 * @param target the node that is to get it once it was released; empty if none is
 * @param condition what the owner reports about the assignment's term; empty if it has not reported yet
 */
record LogFacts(Assignment assignment, Optional<Owner> owner, String target, Optional<Condition> condition) {
    /** Returns all logs whose topic is not gone, in order. */
    static List<LogFacts> of(MetaState state) {
        return state.assignments().stream()
                .filter(assignment -> assignment.phase() != Phase.RETIRED)
                .map(assignment -> of(assignment, state))
                .toList();
    }

    static LogFacts of(Assignment assignment, MetaState state) {
        var condition = state.report(assignment).map(Status::condition);
        var target = assignment instanceof Releasing releasing ? releasing.target() : "";
        return new LogFacts(assignment, assignment.process(), target, condition);
    }

    Phase phase() {
        return assignment.phase();
    }

    boolean isOpen() {
        return phase() == Phase.OWNED
                && condition.filter(Condition.AVAILABLE::equals).isPresent();
    }

    /** Returns whether the log is on its way to another node: its owner is to release it, or the next one is to open it. */
    boolean isMoving() {
        return (phase() == Phase.RELEASING && !target.isEmpty())
                || (phase() == Phase.OWNED && assignment.note().reason().isMove() && !isOpen());
    }

    /** Returns the node to which the log is moving; empty if it is not. */
    String movesTo() {
        if (!isMoving()) {
            return "";
        }
        return target.isEmpty() ? assignment.home() : target;
    }

    /** Returns the node from which the log is moving; empty if it is not, or has been released. */
    String movesFrom() {
        return isMoving() && phase() == Phase.RELEASING ? assignment.home() : "";
    }

    /** Returns the error that closed the log; empty if it is not in quarantine. */
    String code() {
        return assignment instanceof Quarantined quarantined ? quarantined.code() : "";
    }
}
