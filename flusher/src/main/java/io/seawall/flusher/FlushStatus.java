package io.seawall.flusher;

import io.seawall.wal.WalException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How flushing of a pchannel stands. A snapshot; it may be old when it arrives.
 *
 * @param state what is being done
 * @param flushedLsn all LSNs below it are in segments; empty until the store was asked
 * @param nextLsn the next LSN to be read from the log; empty until the store was asked
 * @param failures how many attempts in a row have failed; 0 when all is well
 * @param error the last failure, if the attempts before now failed or flushing has stopped
 * @param retryAt when the next attempt is due after a failure, by the flusher's clock; in the past otherwise
 */
public record FlushStatus(
        State state,
        OptionalLong flushedLsn,
        OptionalLong nextLsn,
        int failures,
        Optional<WalException> error,
        Instant retryAt) {

    /** What a pchannel's flushing is at. */
    public enum State {
        /** Asks the store where the segments end. */
        LOCATING,
        /** No segment is open; waits for a committed record. */
        WAITING,
        /** Reads records into a segment. */
        SPOOLING,
        /** A sealed segment goes to the store. */
        PUBLISHING,
        /** Has ended with an error that a person has to look at; goes on when the log is opened again. */
        STOPPED
    }
}
