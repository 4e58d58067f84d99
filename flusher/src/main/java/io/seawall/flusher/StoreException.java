package io.seawall.flusher;

import io.seawall.wal.WalException;

/** A store that failed, or an object in it that is not what it should be; both are tried again. */
final class StoreException extends java.io.IOException {
    private static final long serialVersionUID = 1;

    private final transient WalException problem;

    StoreException(WalException problem) {
        super(problem.getMessage(), problem);
        this.problem = problem;
    }

    /** What the caller is told, with the object's name in it. */
    WalException problem() {
        return problem;
    }
}
