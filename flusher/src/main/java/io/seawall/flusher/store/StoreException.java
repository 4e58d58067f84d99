package io.seawall.flusher.store;

import io.seawall.wal.WalException;
import java.io.IOException;

/** The store failed, or an object in it is wrong; both are retried. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient WalException problem;

    public StoreException(WalException problem) {
        super(problem.getMessage(), problem);
        this.problem = problem;
    }

    /** Returns the error for the caller, which names the object. */
    public WalException problem() {
        return problem;
    }
}
