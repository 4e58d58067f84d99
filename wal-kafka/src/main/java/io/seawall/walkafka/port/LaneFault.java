package io.seawall.walkafka.port;

/** Why a lane failed, in the few kinds that make a difference to what happens next. */
public final class LaneFault extends RuntimeException {
    /** What a lane's failure may mean. */
    public enum Kind {
        /** The transactional id was taken by somebody, or its transaction ran into its timeout. */
        FENCED,
        /** The record can never be written: larger than the broker takes. */
        TOO_LARGE,
        /** The broker does not take the record, or another one of those that were sent with it, whatever its size. */
        REFUSED,
        /** The topic is gone. */
        GONE,
        /** The broker does not let us. */
        FORBIDDEN,
        /** Anything else: time-outs, lost connections, a coordinator that is not there. */
        UNAVAILABLE
    }

    private final Kind kind;

    public LaneFault(Kind kind, Throwable cause) {
        super(kind + ": " + cause, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
