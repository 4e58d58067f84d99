package io.seawall.wal;

/** The stable name of what went wrong: the same here, in HTTP and in gRPC. */
public enum ErrorCode {
    /** No such topic, pchannel, node or path. */
    NOT_FOUND(Family.REQUEST),
    /** The request breaks a rule that no repetition will satisfy. */
    INVALID(Family.REQUEST),
    /** A record, batch or body above its limit. */
    TOO_LARGE(Family.REQUEST),
    /** The tail is not the one that the caller named. */
    TAIL_MISMATCH(Family.REQUEST),
    /** The LSN is below the oldest record. */
    TRIMMED(Family.REQUEST),
    /** The LSN is above the tail. */
    BEYOND_TAIL(Family.REQUEST),
    /** A writer session skipped a number, or was forgotten. */
    SEQUENCE_GAP(Family.REQUEST),
    /** Who is asking is not known. */
    UNAUTHENTICATED(Family.REQUEST),
    /** Who is asking may not do this. */
    FORBIDDEN(Family.REQUEST),
    /** The log has seen this term or a higher one. */
    TERM_EXPIRED(Family.OWNERSHIP),
    /** Another owner took over. */
    FENCED(Family.OWNERSHIP),
    /** A later expectation replaced this one while it was waited for. */
    SUPERSEDED(Family.OWNERSHIP),
    /** The expectation was not above the one already held. */
    IGNORED(Family.OWNERSHIP),
    /** This node does not own the pchannel. */
    NOT_OWNER(Family.OWNERSHIP),
    /** A queue or a budget is full. */
    OVERLOADED(Family.RETRYABLE),
    /** Kafka, or the log, cannot be reached at present. */
    UNAVAILABLE(Family.RETRYABLE),
    /** The node, or the log, is closing. */
    SHUTTING_DOWN(Family.RETRYABLE),
    /** The answer was lost and the log could not be asked. */
    OUTCOME_UNKNOWN(Family.OUTCOME_UNKNOWN),
    /** Acknowledged records are missing. */
    DATA_LOSS(Family.OPERATOR),
    /** Another program wrote records with Seawall's headers into the log, and which ones cannot be told. */
    FORGED(Family.OPERATOR),
    /** A broken invariant, or settings that only a person can change. */
    INTERNAL(Family.OPERATOR);

    /** What the caller has to do; each has its own subtype of {@link WalException}. */
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
