package io.seawall.client.internal.read;

import io.seawall.api.v1.ReadResponse;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import org.jspecify.annotations.Nullable;

/** What the reader has to do, in the order in which the machine says it. */
sealed interface ReadDecision {
    /**
     * Open a call.
     *
     * @param call its number, which every event of the call carries
     * @param from where to read on
     * @param messages how many messages to ask for
     */
    record Open(int call, StartPosition from, int messages) implements ReadDecision {}

    /**
     * Ask for one more message.
     *
     * @param call the call
     */
    record Request(int call) implements ReadDecision {}

    /**
     * Cancel a call; its events are ignored from now on.
     *
     * @param call the call
     */
    record Cancel(int call) implements ReadDecision {}

    /**
     * The first LSN of the reader is known.
     *
     * @param lsn the LSN
     */
    record Started(long lsn) implements ReadDecision {}

    /**
     * Give records to the user.
     *
     * @param message a message with at least one record, which follows the last one
     */
    record Deliver(ReadResponse message) implements ReadDecision {}

    /**
     * The log has this tail.
     *
     * @param lsn the LSN after its last record
     */
    record Tail(long lsn) implements ReadDecision {}

    /**
     * The reader has ended.
     *
     * @param error why, or null if it has read all that was asked for
     */
    record End(@Nullable SeawallException error) implements ReadDecision {}
}
