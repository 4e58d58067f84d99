package io.seawall.flusher;

import io.seawall.wal.WalException;

/** The store failed, or an object in it is wrong; both are retried. */
final class StoreException extends java.io.IOException {
    private static final long serialVersionUID = 1;

    private final transient WalException problem;

    StoreException(WalException problem) {
        super(problem.getMessage(), problem);
        this.problem = problem;
    }

    /** Returns the error for the caller, which names the object. */
    WalException problem() {
        return problem;
    }
}
