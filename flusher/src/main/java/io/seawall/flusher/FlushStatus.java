package io.seawall.flusher;

import io.seawall.wal.WalException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The flushing of one pchannel. A snapshot that may be out of date.
 *
 * @param state what the flusher is doing
 * @param flushedLsn all LSNs below it are in segments; empty until the store was asked
 * @param nextLsn the next LSN to be read from the log; empty until the store was asked
 * @param trouble the failures
 * @param paused whether a pause was requested; nothing is flushed then
 * @param waitsFor what flushing waits for, other than failures
 */
public record FlushStatus(
        State state, OptionalLong flushedLsn, OptionalLong nextLsn, Trouble trouble, boolean paused, Wait waitsFor) {
    /**
     * The failures.
     *
     * @param failures how many attempts in a row have failed; 0 after a success
     * @param error the last failure, if the latest attempts failed or flushing has stopped
     * @param retryAt when the next attempt is due after a failure, by the time of day; in the past otherwise
     * @param trimError why the log is not trimmed as its retention requires; empty if it is. Flushing continues
     */
    public record Trouble(
            int failures, Optional<WalException> error, Instant retryAt, Optional<WalException> trimError) {
        static final Trouble NONE = new Trouble(0, Optional.empty(), Instant.EPOCH, Optional.empty());
    }

    /** What a pchannel's flushing is doing. */
    public enum State {
        /** Asks the store where the segments end. */
        LOCATING,
        /** Waits for a committed record; no segment is open. */
        WAITING,
        /** Reads records into a segment. */
        SPOOLING,
        /** Puts a sealed segment into the store. */
        PUBLISHING,
        /** Has ended with an error that needs an operator; starts again when the log is opened again. */
        STOPPED
    }

    /** What flushing may wait for. */
    public enum Wait {
        NOTHING,
        /** A reader: other pchannels use the memory budget. */
        READER,
        /** Room in the spool: the spool budget is used up. */
        SPOOL,
        /** A committed snapshot that names the store. */
        STORE_BINDING
    }

    FlushStatus withPaused(boolean isPaused) {
        return new FlushStatus(state, flushedLsn, nextLsn, trouble, isPaused, waitsFor);
    }

    /** Returns how many attempts in a row have failed; 0 after a success. */
    public int failures() {
        return trouble.failures();
    }

    /** Returns the last failure, if the latest attempts failed or flushing has stopped. */
    public Optional<WalException> error() {
        return trouble.error();
    }

    /** Returns when the next attempt is due after a failure, by the time of day; in the past otherwise. */
    public Instant retryAt() {
        return trouble.retryAt();
    }
}
