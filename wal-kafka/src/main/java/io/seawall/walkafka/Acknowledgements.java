package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneFault;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries acknowledgements from the producers' threads to the mailbox, in order. One answer of a broker acknowledges a hundred
 * records: the mailbox gets one task for all that has come by then, since a task, a look at the queue and a completion for each
 * cost more than sending the record. Bounded by the window, as each record is acknowledged once.
 */
final class Acknowledgements {
    private final Executor mailbox;
    private final Consumer<Queue<Ack>> taker;
    private final Queue<Ack> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean posted = new AtomicBoolean();
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
     * @param taker takes what it wants from the queue's head; what it leaves is gone for good
     */
    Acknowledgements(Executor mailbox, Consumer<Queue<Ack>> taker) {
        this.mailbox = mailbox;
        this.taker = taker;
    }

    /**
     * May be called from any thread; the order of calls is the order of taking. Notes the record that the broker never takes, but
     * only the first: Kafka's client then fails everything that it has not sent yet with the same error, whatever its size.
     */
    void add(InFlight.Entry entry, long offset, @Nullable LaneFault fault) {
        if (fault != null && fault.kind() == LaneFault.Kind.TOO_LARGE && anyRefused.compareAndSet(false, true)) {
            entry.refuse(fault);
        }
        waiting.add(new Ack(entry, offset, fault));
        if (!posted.get() && posted.compareAndSet(false, true)) {
            mailbox.execute(this::take);
        }
    }

    private void take() {
        // Before looking: who adds from here on either is seen below or posts again.
        posted.set(false);
        taker.accept(waiting);
    }
}
