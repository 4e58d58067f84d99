package io.seawall.client.internal.write;

import io.seawall.client.log.SeawallException;

/**
 * What connects a writer with the log:
 *
 * <pre>
 * Idle ----&gt; Opening ----&gt; Open ----&gt; Ended
 *  ^           ^  |          |
 *  |           |  v          |
 *  +-------- Waiting &lt;-------+
 * </pre>
 *
 * From every state a failure with nothing to send leads to Idle, and one that does not pass to Ended.
 */
sealed interface Link {
    /** There is no call, since there is nothing to send. */
    record Idle() implements Link {}

    /**
     * A pause before the next call.
     *
     * @param untilMs when it ends
     */
    record Waiting(long untilMs) implements Link {}

    /**
     * A call without the node's first answer. Nothing is sent on it, so that no batch goes astray to a node that does not own
     * the log.
     *
     * @param call its number
     * @param sinceMs when it was begun
     */
    record Opening(int call, long sinceMs) implements Link {}

    /**
     * A call on which batches are sent.
     *
     * @param call its number
     * @param limits what the node takes
     */
    record Open(int call, CallLimits limits) implements Link {}

    /**
     * The writer has ended.
     *
     * @param why the error, or {@code CLOSED}
     */
    record Ended(SeawallException why) implements Link {}

    /** Returns whether events of this call count. */
    default boolean isCall(int call) {
        return (this instanceof Opening opening && opening.call() == call)
                || (this instanceof Open open && open.call() == call);
    }
}
