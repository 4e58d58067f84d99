package io.seawall.wal;

/** The append may or may not be in the log: read the log, then decide. */
public final class OutcomeUnknownException extends WalException {
    private static final long serialVersionUID = 1L;

    OutcomeUnknownException(Problem problem) {
        super(problem);
    }
}
