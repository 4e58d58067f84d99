package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;

/** The errors that fakes fail with. */
final class Errors {
    private Errors() {}

    static WalException unavailable(String found) {
        return Problem.of(ErrorCode.UNAVAILABLE, "reach the log").found(found).exception();
    }

    static WalException fenced() {
        return Problem.of(ErrorCode.FENCED, "write").found("a higher claim").exception();
    }

    static WalException expired() {
        return Problem.of(ErrorCode.TERM_EXPIRED, "open")
                .found("a higher claim")
                .exception();
    }
}
