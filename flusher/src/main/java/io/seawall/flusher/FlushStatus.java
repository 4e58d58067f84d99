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
 * @param trouble what went wrong
 * @param paused whether somebody asked to pause; nothing is done then
 * @param waitsFor what keeps it from going on, other than failures
 */
public record FlushStatus(
        State state, OptionalLong flushedLsn, OptionalLong nextLsn, Trouble trouble, boolean paused, Wait waitsFor) {
    /**
     * What went wrong.
     *
     * @param failures how many attempts in a row have failed; 0 when all is well
     * @param error the last failure, if the attempts before now failed or flushing has stopped
     * @param retryAt when the next attempt is due after a failure, by the flusher's clock; in the past otherwise
     * @param trimError why the log is not trimmed as its retention says, if that is so; flushing goes on
     */
    public record Trouble(
            int failures, Optional<WalException> error, Instant retryAt, Optional<WalException> trimError) {
        static final Trouble NONE = new Trouble(0, Optional.empty(), Instant.EPOCH, Optional.empty());
    }

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

    /** What flushing may have to wait for. */
    public enum Wait {
        /** Nothing. */
        NOTHING,
        /** A reader: the budget of memory is used by other pchannels. */
        READER,
        /** Room in the spool: its budget is used up. */
        SPOOL,
        /** A committed snapshot that names the store. */
        STORE_BINDING
    }

    FlushStatus withPaused(boolean isPaused) {
        return new FlushStatus(state, flushedLsn, nextLsn, trouble, isPaused, waitsFor);
    }

    /** How many attempts in a row have failed; 0 when all is well. */
    public int failures() {
        return trouble.failures();
    }

    /** The last failure, if the attempts before now failed or flushing has stopped. */
    public Optional<WalException> error() {
        return trouble.error();
    }

    /** When the next attempt is due after a failure, by the flusher's clock; in the past otherwise. */
    public Instant retryAt() {
        return trouble.retryAt();
    }
}
