package io.seawall.cli.append;

import io.seawall.cli.command.CommandFailed;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Passes batches from the thread that reads the input to the threads that send. At most {@value #MAX_WAITING} full batches
 * wait here; the reader blocks when there are more. A sender that finds no full batch gets the one under construction, so
 * that slow input is not delayed until a batch is full, while fast input fills batches during a request.
 *
 * <p>All state is guarded by this object's monitor.
 */
final class BatchQueue {
    static final int MAX_WAITING = 4;

    private final RecordTemplate template;
    private final LineSplitter splitter;
    private final ArrayDeque<AppendBatch> full = new ArrayDeque<>();
    private AppendBatch open;
    private boolean ended;
    private boolean abandoned;
    private @Nullable CommandFailed failure;

    BatchQueue(RecordTemplate template, LineSplitter splitter) {
        this.template = template;
        this.splitter = splitter;
        this.open = new AppendBatch(template);
    }

    /**
     * Reader: adds the next bytes of the input.
     *
     * @return false if the sender has given up and needs no more input
     */
    synchronized boolean accept(byte[] chunk, int length) throws InterruptedException {
        splitter.accept(chunk, length, this::add);
        notifyAll();
        return !abandoned;
    }

    /** Reader: ends the input. */
    synchronized void finish() throws InterruptedException {
        splitter.finish(this::add);
        ended = true;
        notifyAll();
    }

    /** Reader: ends the input with an error. Records before it are still sent. */
    synchronized void fail(CommandFailed reason) {
        failure = reason;
        ended = true;
        notifyAll();
    }

    /** Sender: discards the waiting batches and accepts no more. */
    synchronized void abandon() {
        abandoned = true;
        full.clear();
        notifyAll();
    }

    /**
     * Sender: waits for records.
     *
     * @return the next batch, or null at the end of the input
     * @throws CommandFailed after everything before the input's error has been taken
     */
    synchronized @Nullable AppendBatch take() throws InterruptedException {
        while (full.isEmpty() && open.records() == 0 && !ended) {
            wait();
        }
        notifyAll();
        if (!full.isEmpty()) {
            return full.remove();
        }
        if (open.records() > 0) {
            var taken = open;
            open = new AppendBatch(template);
            return taken;
        }
        if (failure != null) {
            throw failure;
        }
        return null;
    }

    /** Adds a record. Called by the splitter. The sender may take the open batch during a wait, so the loop checks it again. */
    private synchronized void add(byte[] buffer, int offset, int length) throws InterruptedException {
        while (!open.fits(length) && !abandoned) {
            if (full.size() < MAX_WAITING) {
                full.add(open);
                open = new AppendBatch(template);
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
