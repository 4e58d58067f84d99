package io.seawall.walkafka;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Carries what other threads have for a mailbox, in order, with one task for all that has come by then: a task for each append
 * and for each acknowledgement would cost more than sending the record. What a thread adds is taken before any task that the
 * same thread posts later. Unbounded, so whoever adds is bounded.
 */
final class Inbox<T> {
    private final Executor mailbox;
    private final Consumer<Queue<T>> taker;
    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean posted = new AtomicBoolean();

    /**
     * Nothing waiting.
     *
     * @param mailbox where the taker runs
     * @param taker takes what it wants from the queue's head; what it leaves waits for the next time
     */
    Inbox(Executor mailbox, Consumer<Queue<T>> taker) {
        this.mailbox = mailbox;
        this.taker = taker;
    }

    /** May be called from any thread; the order of calls is the order of taking. */
    void add(T item) {
        waiting.add(item);
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
