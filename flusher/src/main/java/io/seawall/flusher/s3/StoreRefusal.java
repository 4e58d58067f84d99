package io.seawall.flusher.s3;

import java.io.IOException;

/** The store rejected the request and will reject it again until an operator changes something. */
final class StoreRefusal extends IOException {
    private final String fix;

    StoreRefusal(String message, String fix, Throwable cause) {
        super(message, cause);
        this.fix = fix;
    }

    /** Returns what the operator can do. */
    String fix() {
        return fix;
    }
}
