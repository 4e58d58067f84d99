package io.seawall.wal;

/** The error needs an operator. */
public final class OperatorException extends WalException {
    private static final long serialVersionUID = 1L;

    OperatorException(Problem problem) {
        super(problem);
    }
}
