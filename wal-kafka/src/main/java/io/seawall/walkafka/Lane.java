package io.seawall.walkafka;

import java.util.Locale;

/** The two transactional producers of a pchannel. */
enum Lane {
    A,
    B;

    Lane other() {
        return this == A ? B : A;
    }

    /** As it ends the transactional id. */
    String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
