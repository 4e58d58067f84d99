package io.seawall.wal;

/** The operation failed for now: try again later. */
public final class RetryableException extends WalException {
    RetryableException(Problem problem) {
        super(problem);
    }
}
