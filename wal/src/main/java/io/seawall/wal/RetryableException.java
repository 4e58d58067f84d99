package io.seawall.wal;

/** It did not work this time: try again later. */
public final class RetryableException extends WalException {
    RetryableException(Problem problem) {
        super(problem);
    }
}
