package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneFault;
import java.util.List;

/** What a {@link LeaseWriter} tells its owner, always on the mailbox. */
interface LeaseEvents {
    /** Posts to the mailbox; may be called from any thread. */
    void post(Runnable task);

    /** Posts to the mailbox after a time. */
    void postAfter(long delayMs, Runnable task);

    /** Appends of so many bytes left the queue for the window. */
    void sent(long bytes);

    /** Appends are acknowledged, or to be answered otherwise, in order; {@code tail} is the LSN behind the last one. */
    void acknowledged(List<InFlight.Entry> complete, long tail);

    /** Everything below an LSN is committed. */
    void committed(long below);

    /** No lease is open, nothing waits and nothing commits. */
    void idle();

    /** A lane failed: the writer does nothing any more and is to be stopped. */
    void failed(LaneFault fault);

    /** An acknowledgement came for an offset that is not above the one before. */
    void offsetWentBack(long before, long now);
}
