package io.seawall.client.log;

/** Whether a failed operation changed the log. */
public enum Effect {
    /** Nothing was written, and nothing will be. */
    NONE,
    /** The operation changed the log. */
    APPLIED,
    /** The operation may have changed the log, or may still change it; read the log to find out. */
    UNKNOWN
}
