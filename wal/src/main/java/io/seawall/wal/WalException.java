package io.seawall.wal;

/**
 * The root of all errors of a log. The subtype tells what the caller has to do, {@link #code} what happened, and
 * {@link #effect} whether the log may have changed. Java serialization keeps all three.
 */
public abstract sealed class WalException extends RuntimeException
        permits RequestException, OwnershipException, RetryableException, OutcomeUnknownException, OperatorException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    WalException(Problem problem) {
        super(problem.message(), problem.cause());
        this.problem = problem;
    }

    /** Returns the stable name of the error. */
    public ErrorCode code() {
        return problem.code();
    }

    /** Returns whether the operation may have changed the log. */
    public Effect effect() {
        return problem.effect();
    }

    /** Returns the full description. */
    public Problem problem() {
        return problem;
    }
}
