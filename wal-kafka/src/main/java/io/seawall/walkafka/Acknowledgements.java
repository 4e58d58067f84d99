package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneFault;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries acknowledgements from the producers' threads to the mailbox. Bounded by the window, as each record has one. */
final class Acknowledgements {
    private final Inbox<Ack> inbox;
    private final AtomicBoolean anyRefused = new AtomicBoolean();

    /**
     * The answer for one entry.
     *
     * @param entry what was sent
     * @param offset where it is; -1 if it failed
     * @param fault why it failed, or null
     */
    record Ack(InFlight.Entry entry, long offset, @Nullable LaneFault fault) {}

    /**
     * Nothing waiting.
     *
     * @param mailbox where the taker runs
     * @param taker takes what it wants from the queue's head
     */
    Acknowledgements(Executor mailbox, Consumer<Queue<Ack>> taker) {
        this.inbox = new Inbox<>(mailbox, taker);
    }

    /**
     * May be called from any thread; the order of calls is the order of taking. Notes the record that the broker never takes, but
     * only the first: Kafka's client then fails everything that it has not sent yet with the same error, whatever its size.
     */
    void add(InFlight.Entry entry, long offset, @Nullable LaneFault fault) {
        if (fault != null && fault.kind() == LaneFault.Kind.TOO_LARGE && anyRefused.compareAndSet(false, true)) {
            entry.refuse(fault);
        }
        inbox.add(new Ack(entry, offset, fault));
    }
}
