package io.seawall.wal;

/** The stable name of an error, the same in Java, HTTP and gRPC. */
public enum ErrorCode {
    /** There is no such topic, pchannel, node or path. */
    NOT_FOUND(Family.REQUEST),
    /** The request breaks a rule; repeating it does not help. */
    INVALID(Family.REQUEST),
    /** A record, a batch or a body exceeds its limit. */
    TOO_LARGE(Family.REQUEST),
    /** The tail is not the one that the caller expected. */
    TAIL_MISMATCH(Family.REQUEST),
    /** The LSN is below the oldest record. */
    TRIMMED(Family.REQUEST),
    /** The LSN is above the tail. */
    BEYOND_TAIL(Family.REQUEST),
    /** A batch skips a number of its writer session, or its number is no longer remembered. */
    SEQUENCE_GAP(Family.REQUEST),
    /** The caller is not authenticated. */
    UNAUTHENTICATED(Family.REQUEST),
    /** The caller is not allowed to do this. */
    FORBIDDEN(Family.REQUEST),
    /** The log has seen this term or a higher one. */
    TERM_EXPIRED(Family.OWNERSHIP),
    /** Another owner took over. */
    FENCED(Family.OWNERSHIP),
    /** A later expectation replaced this one before it was reached. */
    SUPERSEDED(Family.OWNERSHIP),
    /** The expectation was not above the one already held. */
    IGNORED(Family.OWNERSHIP),
    /** This node does not own the pchannel. */
    NOT_OWNER(Family.OWNERSHIP),
    /** A queue or a budget is full. */
    OVERLOADED(Family.RETRYABLE),
    /** Kafka or the log cannot be reached at present. */
    UNAVAILABLE(Family.RETRYABLE),
    /** The node or the log is closing. */
    SHUTTING_DOWN(Family.RETRYABLE),
    /** The outcome was lost, and the log could not be read to find it. */
    OUTCOME_UNKNOWN(Family.OUTCOME_UNKNOWN),
    /** Acknowledged records are missing. */
    DATA_LOSS(Family.OPERATOR),
    /** Another program wrote records with Seawall's headers into the log, and it cannot be decided which records count. */
    FORGED(Family.OPERATOR),
    /** An invariant is broken, or a setting needs an operator. */
    INTERNAL(Family.OPERATOR);

    /** The kinds of errors, by what the caller has to do; each has its own subtype of {@link WalException}. */
    enum Family {
        REQUEST,
        OWNERSHIP,
        RETRYABLE,
        OUTCOME_UNKNOWN,
        OPERATOR
    }

    private final Family family;

    ErrorCode(Family family) {
        this.family = family;
    }

    Family family() {
        return family;
    }
}
