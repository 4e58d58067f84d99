package io.seawall.client.internal.write;

import io.seawall.client.log.Ack;
import io.seawall.client.log.SeawallException;
import org.jspecify.annotations.Nullable;

/** What the writer has to do, in the order in which the machine says it. */
sealed interface Decision {
    /**
     * Open a call.
     *
     * @param call its number, which every event of the call carries
     * @param session the id of the writer session, or null for none
     */
    record Open(int call, @Nullable String session) implements Decision {}

    /**
     * Send a batch on the call that is open.
     *
     * @param call the call
     * @param batch the batch
     * @param seq its number in the session; without a session it means nothing
     */
    record Send(int call, Batch batch, long seq) implements Decision {}

    /**
     * Cancel a call; its events are ignored from now on.
     *
     * @param call the call
     */
    record Cancel(int call) implements Decision {}

    /**
     * The batch is in the log: answer its callers.
     *
     * @param batch the batch
     * @param ack where it is
     */
    record Acknowledge(Batch batch, Ack ack) implements Decision {}

    /**
     * The batch failed: answer its callers.
     *
     * @param batch the batch
     * @param error why
     */
    record Fail(Batch batch, SeawallException error) implements Decision {}

    /**
     * The writer has ended: what was not given to the machine yet fails too.
     *
     * @param error why
     */
    record End(SeawallException error) implements Decision {}
}
