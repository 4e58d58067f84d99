package io.seawall.wal;

/** The request can never succeed as it is: change it. */
public final class RequestException extends WalException {
    private static final long serialVersionUID = 1L;

    RequestException(Problem problem) {
        super(problem);
    }
}
