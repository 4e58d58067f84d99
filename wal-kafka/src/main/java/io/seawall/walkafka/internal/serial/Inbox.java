package io.seawall.walkafka.internal.serial;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Passes items from other threads to a mailbox, in order. One mailbox task takes all items that arrived before it runs, since a
 * task for each append would cost more than sending the record. An item is taken before any task that the same thread posts
 * later. The queue has no bound of its own; callers bound what they add.
 */
public final class Inbox<T> {
    private final Executor mailbox;
    private final Consumer<Queue<T>> taker;
    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean posted = new AtomicBoolean();

    /**
     * Creates an empty inbox.
     *
     * @param mailbox runs the taker
     * @param taker removes items from the queue's head; items that it leaves wait until the next add
     */
    public Inbox(Executor mailbox, Consumer<Queue<T>> taker) {
        this.mailbox = mailbox;
        this.taker = taker;
    }

    /** Adds an item. Thread-safe; items are taken in the order of the calls. */
    public void add(T item) {
        waiting.add(item);
        if (!posted.get() && posted.compareAndSet(false, true)) {
            mailbox.execute(this::take);
        }
    }

    private void take() {
        // Reset before the taker runs: an item that is added from now on is either seen by it or posts again.
        posted.set(false);
        taker.accept(waiting);
    }
}
