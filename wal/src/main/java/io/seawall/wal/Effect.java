package io.seawall.wal;

/** Whether a failed operation may have changed the log. */
public enum Effect {
    /** Nothing was written, and nothing will be. */
    NONE,
    /** It was written. */
    APPLIED,
    /** It may have been written: read the log to know. */
    UNKNOWN
}
