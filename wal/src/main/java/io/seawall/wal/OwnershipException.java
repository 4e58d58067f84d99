package io.seawall.wal;

/** Somebody else owns the log, or will: ask who does. */
public final class OwnershipException extends WalException {
    OwnershipException(Problem problem) {
        super(problem);
    }
}
