package io.seawall.lifetime;

/** What is being done with a pchannel at the moment. */
public enum LifetimeStep {
    /** Nothing is open and nothing is under way. */
    DOWN,
    /** The opener is at work. */
    OPENING,
    /** The log is open; the flusher is being told. */
    REGISTERING,
    /** The log is open and handed out. */
    AVAILABLE,
    /** The log is no longer handed out; the flusher is letting go of it. */
    UNREGISTERING,
    /** The log is being closed. */
    CLOSING
}
