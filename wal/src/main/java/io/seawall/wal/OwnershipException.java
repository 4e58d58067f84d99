package io.seawall.wal;

/** Another owner has the log, or will have it: find out which. */
public final class OwnershipException extends WalException {
    private static final long serialVersionUID = 1L;

    OwnershipException(Problem problem) {
        super(problem);
    }
}
