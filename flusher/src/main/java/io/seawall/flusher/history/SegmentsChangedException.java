package io.seawall.flusher.history;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;

/** The segments of a log are not those that were remembered, so a search must begin again. */
final class SegmentsChangedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String found;

    SegmentsChangedException(String found) {
        super(found);
        this.found = found;
    }

    /** Returns the error for callers if the segments keep changing. */
    WalException problem(PChannel pchannel) {
        return Problem.of(ErrorCode.UNAVAILABLE, "search the segments of " + pchannel)
                .pchannel(pchannel)
                .found(found)
                .expected("segments that stay where they are while they are searched")
                .fix("try again")
                .exception();
    }
}
