package io.seawall.node.http.exchange;

import io.seawall.wal.Problem;

/** Maps error codes to HTTP statuses. */
final class Statuses {
    private Statuses() {}

    /** Returns the status of a problem. OVERLOADED is 429 if a pchannel is full, and 503 if the node is. */
    static int of(Problem problem) {
        return switch (problem.code()) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case TERM_EXPIRED, FENCED, SUPERSEDED, IGNORED, SEQUENCE_GAP -> 409;
            case TAIL_MISMATCH -> 412;
            case TOO_LARGE -> 413;
            case TRIMMED, BEYOND_TAIL -> 416;
            case NOT_OWNER -> 421;
            case OVERLOADED -> problem.pchannel() == null ? 503 : 429;
            case DATA_LOSS, FORGED, INTERNAL -> 500;
            case UNAVAILABLE, SHUTTING_DOWN -> 503;
            case OUTCOME_UNKNOWN -> 504;
        };
    }

    /** Returns whether the answer states when to retry. */
    static boolean retryLater(int status) {
        return status == 429 || status == 503;
    }
}
