package io.seawall.wal;

/** The request can never succeed as it is: change it. */
public final class RequestException extends WalException {
    RequestException(Problem problem) {
        super(problem);
    }
}
