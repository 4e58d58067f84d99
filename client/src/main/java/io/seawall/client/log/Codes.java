package io.seawall.client.log;

/**
 * The stable names of errors, the same in HTTP and gRPC, and the few that only the client gives. A node of a later version may
 * send others: {@link SeawallException#code} returns them unchanged.
 */
public final class Codes {
    /** There is no such topic, log or node. */
    public static final String NOT_FOUND = "NOT_FOUND";

    /** The request breaks a rule; repeating it does not help. */
    public static final String INVALID = "INVALID";

    /** A record or a batch exceeds its limit. */
    public static final String TOO_LARGE = "TOO_LARGE";

    /** The log's tail is not the one that the caller expected. */
    public static final String TAIL_MISMATCH = "TAIL_MISMATCH";

    /** The LSN is below the oldest record. */
    public static final String TRIMMED = "TRIMMED";

    /** The LSN is above the tail. */
    public static final String BEYOND_TAIL = "BEYOND_TAIL";

    /** The log does not know the writer session, or another program writes with its id. */
    public static final String SEQUENCE_GAP = "SEQUENCE_GAP";

    /** The caller is not authenticated. */
    public static final String UNAUTHENTICATED = "UNAUTHENTICATED";

    /** The caller is not allowed to do this. */
    public static final String FORBIDDEN = "FORBIDDEN";

    /** The log has seen a higher term. The client follows; callers see it only if its time is over. */
    public static final String TERM_EXPIRED = "TERM_EXPIRED";

    /** Another owner took over. The client follows; callers see it only if its time is over. */
    public static final String FENCED = "FENCED";

    /** The node does not own the log. The client follows; callers see it only if its time is over. */
    public static final String NOT_OWNER = "NOT_OWNER";

    /** A queue or a budget is full: the node's, or the buffer of the writer. */
    public static final String OVERLOADED = "OVERLOADED";

    /** The node, Kafka or the log could not be reached in time, and nothing was written. */
    public static final String UNAVAILABLE = "UNAVAILABLE";

    /** The node or the log is closing. */
    public static final String SHUTTING_DOWN = "SHUTTING_DOWN";

    /** The batch was sent, and no answer came in time. */
    public static final String OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN";

    /** Acknowledged records are missing, or a reader got a gap or a repetition. */
    public static final String DATA_LOSS = "DATA_LOSS";

    /** Another program wrote records with Seawall's headers into the log. */
    public static final String FORGED = "FORGED";

    /** An invariant is broken, in the node or in the client. */
    public static final String INTERNAL = "INTERNAL";

    /** Given by the client: the writer or the reader has ended, by {@code close} or by an earlier error, which is the cause. */
    public static final String CLOSED = "CLOSED";

    /**
     * Given by the client: the log has a batch with a number that {@link WriterOptions.Session#continued} sent for the first time.
     */
    public static final String SESSION_IN_USE = "SESSION_IN_USE";

    /** Given by the client: the thread was interrupted while it waited. */
    public static final String INTERRUPTED = "INTERRUPTED";

    private Codes() {}
}
