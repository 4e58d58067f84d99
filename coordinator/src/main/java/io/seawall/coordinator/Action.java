package io.seawall.coordinator;

import io.seawall.coordinator.placement.Changes;

/** An action that the coordinator asks for. */
public sealed interface Action {
    /**
     * Takes the coordinator's transactional id, so that transactions of earlier coordinators fail; leads to
     * {@link Coordinator#onIdTaken} or {@link Coordinator#onWriteFailed}.
     *
     * @param nonce which attempt this is; an answer names it, so that a late one does nothing
     */
    record TakeId(String nonce) implements Action {}

    /**
     * Writes records to the meta topic in one transaction. Success has no event: the records come back as news. Every error,
     * and every outcome that is not known, leads to {@link Coordinator#onWriteFailed}.
     *
     * @param nonce which attempt this is: the write goes through the id that was taken for it, and through no later one
     * @param changes the records; the coordinator's own is the last
     */
    record Write(String nonce, Changes changes) implements Action {}

    /**
     * Gives up the transactional id. If the node still holds the partition in the current generation,
     * {@link Coordinator#onElected} begins anew.
     *
     * @param why what happened
     */
    record StepDown(String why) implements Action {}
}
