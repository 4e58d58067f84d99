package io.seawall.walkafka.port;

import io.seawall.wal.FutureErrors;

/** The failure of a lane, reduced to the kinds that callers handle differently. */
public final class LaneFault extends RuntimeException {
    /** The kinds of lane failures. */
    public enum Kind {
        /** Another producer took the transactional id, or the transaction timed out. */
        FENCED,
        /** The record can never be written: it exceeds the broker's limit. */
        TOO_LARGE,
        /** The broker refuses the record, or another record that was sent with it, for another reason than its size. */
        REFUSED,
        /** The topic no longer exists. */
        GONE,
        /** The broker denies access. */
        FORBIDDEN,
        /** Any other failure: timeouts, lost connections, an unavailable coordinator. */
        UNAVAILABLE
    }

    private final Kind kind;

    public LaneFault(Kind kind, Throwable cause) {
        super(kind + ": " + FutureErrors.text(cause), cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
