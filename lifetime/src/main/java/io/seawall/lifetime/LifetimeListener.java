package io.seawall.lifetime;

/** Receives changes of current states. */
@FunctionalInterface
public interface LifetimeListener {
    /**
     * Called after each change of a pchannel's current state, in order per pchannel, without a lock. Must not block: it runs on
     * one of the few threads that also answer callers. Exceptions are logged.
     *
     * @param status the status right after the change; a newer one may exist already
     */
    void onCurrentChanged(LifetimeStatus status);
}
