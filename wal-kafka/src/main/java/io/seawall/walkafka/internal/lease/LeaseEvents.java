package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.port.LaneFault;
import java.util.List;

/** Receives the events of a {@link LeaseWriter}, on the mailbox, and posts its tasks. */
public interface LeaseEvents {
    /** Posts a task to the mailbox. Thread-safe. */
    void post(Runnable task);

    /** Posts a task to the mailbox after a delay in milliseconds. */
    void postAfter(long delayMs, Runnable task);

    /** Appends of this many bytes moved from the queue to the window. */
    void sent(long bytes);

    /** These entries are acknowledged, or are answered without a write, in order; {@code tail} is the LSN after the last one. */
    void acknowledged(List<InFlight.Entry> complete, long tail);

    /** All records below an LSN are committed. */
    void committed(long below);

    /** The writer has finished: no lease is open, no append waits and no commit is in progress. */
    void idle();

    /** A lane failed. The writer does nothing more, and its owner must stop it. */
    void failed(LaneFault fault);

    /** A record was acknowledged at an offset that is not above that of the record before it. */
    void offsetWentBack(long before, long now);
}
