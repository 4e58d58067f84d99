package io.seawall.client.log;

/** What a caller has to do about an error. */
public enum Advice {
    /** The request can never succeed as it is: change it. */
    CHANGE_REQUEST,
    /** The operation failed for now, and nothing was written: do it again later. */
    RETRY,
    /** The outcome is not known: read the log, then decide. */
    READ_LOG,
    /** The writer or the reader has ended, and this operation was not begun: open a new one. */
    REOPEN,
    /** A person has to look at the log or the node. */
    CALL_OPERATOR
}
