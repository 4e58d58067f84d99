package io.seawall.walkafka.port;

import java.util.Locale;

/** The two transactional producers of a pchannel. */
public enum Lane {
    /** Claims are committed here. */
    A,
    /** Takes turns with the other one. */
    B;

    /** The other one. */
    public Lane other() {
        return this == A ? B : A;
    }

    /** As it ends the transactional id. */
    public String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
