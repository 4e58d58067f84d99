package io.seawall.lifetime;

/** The step that a pchannel is in. */
public enum LifetimeStep {
    /** Nothing is open or in progress. */
    DOWN,
    /** The opener is opening the log. */
    OPENING,
    /** The log is open and is being registered with the flusher. */
    REGISTERING,
    /** The log is open and handed out. */
    AVAILABLE,
    /** The log is no longer handed out and is being unregistered from the flusher. */
    UNREGISTERING,
    /** The log is being closed. */
    CLOSING
}
