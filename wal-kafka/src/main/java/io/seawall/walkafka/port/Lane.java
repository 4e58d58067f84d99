package io.seawall.walkafka.port;

import java.util.Locale;

/** The two transactional producers of a pchannel. */
public enum Lane {
    /** The lane for claims and republication; later it alternates with lane B. */
    A,
    /** The other lane. */
    B;

    /** Returns the other lane. */
    public Lane other() {
        return this == A ? B : A;
    }

    /** Returns the suffix of the lane's transactional id. */
    public String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
