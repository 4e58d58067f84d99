package io.seawall.lifetime;

/** Is told of changes. */
@FunctionalInterface
public interface LifetimeListener {
    /**
     * Called after each change of a pchannel's current state, in order per pchannel, under no lock. Must not block: it runs on
     * one of the few threads that also answer callers. What it throws is logged.
     *
     * @param status the status right after the change; a newer one may be there already
     */
    void onCurrentChanged(PChannelStatus status);
}
