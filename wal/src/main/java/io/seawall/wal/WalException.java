package io.seawall.wal;

/**
 * Everything that goes wrong with a log. The subtype says what the caller has to do, {@link #code} what happened, and
 * {@link #effect} whether the log may have changed.
 */
public abstract sealed class WalException extends RuntimeException
        permits RequestException, OwnershipException, RetryableException, OutcomeUnknownException, OperatorException {
    private final transient Problem problem;

    WalException(Problem problem) {
        super(problem.message(), problem.cause());
        this.problem = problem;
    }

    /** What happened, as a stable name. */
    public ErrorCode code() {
        return problem.code();
    }

    /** Whether the operation may have changed the log. */
    public Effect effect() {
        return problem.effect();
    }

    /** All that is known about it. */
    public Problem problem() {
        return problem;
    }
}
