package io.seawall.wal;

/** The error needs an operator. */
public final class OperatorException extends WalException {
    OperatorException(Problem problem) {
        super(problem);
    }
}
