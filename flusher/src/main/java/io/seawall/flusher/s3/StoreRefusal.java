package io.seawall.flusher.s3;

import java.io.IOException;

/** The store understood and said no, and will say so again until a person changes something. */
final class StoreRefusal extends IOException {
    private final String fix;

    StoreRefusal(String message, String fix, Throwable cause) {
        super(message, cause);
        this.fix = fix;
    }

    /** What that person can do. */
    String fix() {
        return fix;
    }
}
