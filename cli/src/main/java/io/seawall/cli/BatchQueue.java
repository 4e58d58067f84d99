package io.seawall.cli;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Between the thread that reads the input and the one that sends: full batches wait here, at most {@value #MAX_WAITING} of
 * them, and the reader waits when there are more. A sender that finds no full batch gets the one under construction, so
 * slow input is not held back until a batch is full, and fast input fills batches while a request is in flight.
 *
 * <p>Everything is guarded by this object's monitor.
 */
final class BatchQueue {
    static final int MAX_WAITING = 4;

    private final RecordTemplate template;
    private final LineSplitter splitter;
    private final ArrayDeque<Batch> full = new ArrayDeque<>();
    private Batch open;
    private boolean ended;
    private boolean abandoned;
    private @Nullable CommandFailed failure;

    BatchQueue(RecordTemplate template, LineSplitter splitter) {
        this.template = template;
        this.splitter = splitter;
        this.open = new Batch(template);
    }

    /**
     * Reader: takes the next bytes of the input.
     *
     * @return false if the sender has given up and nothing more is wanted
     */
    synchronized boolean accept(byte[] chunk, int length) throws InterruptedException {
        splitter.accept(chunk, length, this::add);
        notifyAll();
        return !abandoned;
    }

    /** Reader: the input is over. */
    synchronized void finish() throws InterruptedException {
        splitter.finish(this::add);
        ended = true;
        notifyAll();
    }

    /** Reader: the input broke here. What came before it is still sent. */
    synchronized void fail(CommandFailed reason) {
        failure = reason;
        ended = true;
        notifyAll();
    }

    /** Sender: takes no more. */
    synchronized void abandon() {
        abandoned = true;
        full.clear();
        notifyAll();
    }

    /**
     * Sender: waits for records.
     *
     * @return the next batch, or null at the end of the input
     * @throws CommandFailed once everything before the place where the input broke has been taken
     */
    synchronized @Nullable Batch take() throws InterruptedException {
        while (full.isEmpty() && open.records() == 0 && !ended) {
            wait();
        }
        notifyAll();
        if (!full.isEmpty()) {
            return full.remove();
        }
        if (open.records() > 0) {
            var taken = open;
            open = new Batch(template);
            return taken;
        }
        if (failure != null) {
            throw failure;
        }
        return null;
    }

    // Called back by the splitter. While this waits the sender may take the open batch, hence the loop around both
    // cases.
    private synchronized void add(byte[] buffer, int offset, int length) throws InterruptedException {
        while (!open.fits(length) && !abandoned) {
            if (full.size() < MAX_WAITING) {
                full.add(open);
                open = new Batch(template);
                notifyAll();
            } else {
                wait();
            }
        }
        if (!abandoned) {
            open.add(buffer, offset, length);
        }
    }
}
