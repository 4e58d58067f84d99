package io.seawall.wal;

/** The append may be in the log or not: read the log, then decide. */
public final class OutcomeUnknownException extends WalException {
    OutcomeUnknownException(Problem problem) {
        super(problem);
    }
}
