package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;

/** Creates the errors of the lifetime. */
final class LifetimeErrors {
    private LifetimeErrors() {}

    static WalException ignored(PChannel pchannel, LifetimeState asked, LifetimeState expected) {
        return request(ErrorCode.IGNORED, pchannel, asked)
                .found("that it is to be " + expected)
                .expected("a state after that one: a higher term, or the removal of the same term")
                .with("expectedTerm", expected.term())
                .exception();
    }

    static WalException superseded(PChannel pchannel, LifetimeState asked, LifetimeState expected) {
        return request(ErrorCode.SUPERSEDED, pchannel, asked)
                .found("a later request, by which it is to be " + expected)
                .with("expectedTerm", expected.term())
                .exception();
    }

    static WalException shuttingDown(PChannel pchannel, LifetimeState asked) {
        return request(ErrorCode.SHUTTING_DOWN, pchannel, asked)
                .found("a node that is closing its logs")
                .exception();
    }

    static WalException tooManyWaiters(PChannel pchannel, LifetimeState asked, int limit) {
        return request(ErrorCode.OVERLOADED, pchannel, asked)
                .found(limit + " callers that already wait for the same state")
                .expected("fewer than that")
                .exception();
    }

    static WalException negativeTerm(PChannel pchannel, LifetimeState asked) {
        return request(ErrorCode.INVALID, pchannel, asked)
                .found("term " + asked.term())
                .expected("a term of 0 or more")
                .exception();
    }

    static WalException notWhatWasAsked(PChannel pchannel, long term, PChannel foundPChannel, long foundTerm) {
        return request(ErrorCode.INTERNAL, pchannel, LifetimeState.availableAt(term))
                .found("that the opener returned the log of " + foundPChannel + " at term " + foundTerm)
                .expected(pchannel + " at term " + term)
                .exception();
    }

    static WalException closedForGet(PChannel pchannel) {
        return Problem.of(ErrorCode.SHUTTING_DOWN, "use " + pchannel)
                .pchannel(pchannel)
                .found("a node that is closing its logs")
                .exception();
    }

    static WalException unknown(PChannel pchannel) {
        return Problem.of(ErrorCode.NOT_OWNER, "use " + pchannel)
                .pchannel(pchannel)
                .found("a pchannel that this node was never asked to open")
                .exception();
    }

    static WalException unavailable(LifetimeStatus status) {
        var cause = status.cause();
        var why = cause == null ? "" : ", as it failed with " + cause.code() + ": " + cause.getMessage();
        var problem = Problem.of(ErrorCode.NOT_OWNER, "use " + status.pchannel())
                .pchannel(status.pchannel())
                .found(states(status) + why)
                .with("expectedTerm", status.expected().term())
                .with("currentTerm", status.current().term());
        return (cause == null ? problem : problem.cause(cause)).exception();
    }

    /** The error for a log that is available at another term: TERM_EXPIRED if the caller's term is the lower one. */
    static WalException otherTerm(LifetimeStatus status, long available, long asked) {
        var code = asked < available ? ErrorCode.TERM_EXPIRED : ErrorCode.NOT_OWNER;
        return Problem.of(code, "use " + status.pchannel() + " at term " + asked)
                .pchannel(status.pchannel())
                .found(states(status))
                .expected("term " + available)
                .with("expectedTerm", status.expected().term())
                .with("currentTerm", available)
                .exception();
    }

    /** Returns a {@link WalException} as it was thrown, and wraps anything else in INTERNAL. */
    static WalException failure(PChannel pchannel, String operation, Throwable thrown) {
        var error = FutureErrors.unwrapped(thrown);
        if (error instanceof WalException known) {
            return known;
        }
        return Problem.of(ErrorCode.INTERNAL, operation)
                .pchannel(pchannel)
                .found(FutureErrors.text(error))
                .cause(error)
                .exception();
    }

    /** The error of a step that exceeded its time limit. */
    static WalException overdue(PChannel pchannel, String operation, String found) {
        return Problem.of(ErrorCode.UNAVAILABLE, operation)
                .pchannel(pchannel)
                .found(found)
                .exception();
    }

    private static Problem request(ErrorCode code, PChannel pchannel, LifetimeState asked) {
        var operation = asked.available() ? "open " : "remove ";
        return Problem.of(code, operation + pchannel + " at term " + asked.term())
                .pchannel(pchannel);
    }

    private static String step(LifetimeStep step) {
        return switch (step) {
            case DOWN, AVAILABLE -> "";
            case OPENING, REGISTERING -> "; it is being opened";
            case UNREGISTERING, CLOSING -> "; it is being closed";
        };
    }

    private static String states(LifetimeStatus status) {
        var current = status.current();
        return (current.term() < 0 ? "that it was " : "that it is ") + current + " and is to be " + status.expected()
                + step(status.step());
    }
}
