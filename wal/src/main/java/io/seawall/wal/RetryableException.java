package io.seawall.wal;

/** The operation failed for now: try again later. */
public final class RetryableException extends WalException {
    private static final long serialVersionUID = 1L;

    RetryableException(Problem problem) {
        super(problem);
    }
}
