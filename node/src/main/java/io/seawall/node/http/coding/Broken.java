package io.seawall.node.http.coding;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;

/** The errors of bodies that cannot be unpacked. */
final class Broken {
    private Broken() {}

    /** Returns the error of a body that is broken. */
    static WalException at(String operation, Coding coding, long offset, String what) {
        return error(operation, coding, coding.token() + " that is broken at byte " + offset + " of the body: " + what);
    }

    /** Returns the error of a body that ends too early. */
    static WalException cut(String operation, Coding coding, long offset, String where) {
        return error(
                operation, coding, coding.token() + " that is cut off at byte " + offset + " of the body, in " + where);
    }

    private static WalException error(String operation, Coding coding, String found) {
        return Problem.of(ErrorCode.INVALID, operation)
                .found(found)
                .expected("a whole body as Content-Encoding " + coding.token() + " states, and nothing behind it")
                .exception();
    }
}
