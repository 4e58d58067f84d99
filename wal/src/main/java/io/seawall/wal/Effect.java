package io.seawall.wal;

/** Whether a failed operation may have changed the log. */
public enum Effect {
    /** Nothing was written, and nothing will be. */
    NONE,
    /** The operation changed the log. */
    APPLIED,
    /** The operation may have changed the log; read the log to find out. */
    UNKNOWN
}
