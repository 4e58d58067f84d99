package io.seawall.flusher;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;

/** The segments of a log are not those that were remembered; whoever searched them begins again. */
final class SegmentsChangedException extends Exception {
    private static final long serialVersionUID = 1L;

    SegmentsChangedException(String found) {
        super(found);
    }

    /** What the caller is told if they keep changing. */
    WalException problem(PChannel pchannel) {
        return Problem.of(ErrorCode.UNAVAILABLE, "search the segments of " + pchannel)
                .pchannel(pchannel)
                .found(getMessage())
                .expected("segments that stay where they are while they are searched")
                .fix("try again")
                .exception();
    }
}
