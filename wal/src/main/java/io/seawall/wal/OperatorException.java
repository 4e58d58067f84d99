package io.seawall.wal;

/** A person has to look at it. */
public final class OperatorException extends WalException {
    OperatorException(Problem problem) {
        super(problem);
    }
}
