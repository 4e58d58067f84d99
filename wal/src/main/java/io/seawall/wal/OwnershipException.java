package io.seawall.wal;

/** Another owner has the log, or will have it: find out which. */
public final class OwnershipException extends WalException {
    OwnershipException(Problem problem) {
        super(problem);
    }
}
