package io.seawall.node.tail;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.time.Duration;

/** Notices that a record which is known to exist does not come. Used by one thread at a time. */
final class LatePatience {
    /** How long a record that is known to exist may take. */
    static final Duration CATCH_UP = Duration.ofSeconds(10);

    private final PChannel pchannel;
    private long movedNanos;

    LatePatience(PChannel pchannel, long nowNanos) {
        this.pchannel = pchannel;
        this.movedNanos = nowNanos;
    }

    /**
     * Checks after a poll.
     *
     * @param moved whether it returned records
     * @param next the LSN that is read next
     * @param tail the known tail
     * @throws io.seawall.wal.RetryableException with code UNAVAILABLE if the next record is missing for too long
     */
    void check(boolean moved, long nowNanos, long next, long tail) {
        if (moved || next >= tail) {
            movedNanos = nowNanos;
        } else if (nowNanos - movedNanos > CATCH_UP.toNanos()) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("no record at LSN " + next + " within " + CATCH_UP.toMillis() + " ms, with the tail at "
                            + tail)
                    .fix("try again")
                    .exception();
        }
    }
}
