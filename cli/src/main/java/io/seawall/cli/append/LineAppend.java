package io.seawall.cli.append;

import io.seawall.cli.client.NodeClient;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.client.RetryDeadline;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.Progress;
import io.seawall.wal.PChannel;
import io.seawall.wal.WriterSeq;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Appends each line of an input, in order, as the batches of one writer session. Several requests are in flight at the same
 * time; failed ones are sent again, because the log accepts each number once. One thread reads the input and encodes the
 * next batches. Memory is bounded by the batches in flight and a few waiting ones.
 */
final class LineAppend {
    /** The longest line, so that input without newlines fails instead of filling the memory. */
    static final int LONGEST_LINE_BYTES = 16 << 20;

    private static final int CHUNK_BYTES = 1 << 16;

    private final BatchSender sender;
    private final Progress progress;
    private final BatchQueue queue;
    private final SessionWindow window;
    private final Semaphore turn = new Semaphore(1); // held from numbering a batch until its body is on the wire

    /**
     * Creates an append.
     *
     * @param client the client that reaches the log
     * @param pchannel the log
     * @param first the session, and the number of its first batch
     * @param template the common parts of all records
     * @param retryDeadline how long to retry without an acknowledgement
     * @param progress shows the acknowledged records
     */
    LineAppend(
            NodeClient client,
            PChannel pchannel,
            WriterSeq first,
            RecordTemplate template,
            RetryDeadline retryDeadline,
            Progress progress) {
        this.progress = progress;
        this.queue = new BatchQueue(template, new LineSplitter(LONGEST_LINE_BYTES));
        this.window = new SessionWindow(first);
        this.sender = new BatchSender(
                client, client.uri(PChannelArgument.path(pchannel) + "/records"), window, retryDeadline);
    }

    /**
     * Sends the whole input; blocks until its end is acknowledged.
     *
     * @throws AppendFailed with the number of acknowledged lines
     */
    AppendTotals run(InputStream input) throws InterruptedException {
        start("seawall-append-input", () -> read(input));
        for (var at = 0; at < SessionWindow.SIZE; at++) {
            start("seawall-append-" + at, this::send);
        }
        try {
            var totals = AppendTotals.NOTHING;
            while (!window.isOver()) {
                totals = window.await(totals);
                progress.at(totals.records(), totals.bytes());
            }
            return window.await(totals);
        } finally {
            queue.abandon();
            sender.stop();
            progress.end();
        }
    }

    /** Starts a daemon thread that is never joined, because a read of standard input cannot be interrupted. */
    private static void start(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void send() {
        try {
            for (var batch = next(); batch != null; batch = next()) {
                sender.send(batch, once(turn::release));
            }
        } catch (InterruptedException e) {
            window.fail(new CommandFailed("interrupted while appending", e));
        } catch (RuntimeException | Error e) {
            // The thread that waits for the end must not wait for ever; it rethrows this.
            window.fail(new CommandFailed("appending failed: " + e, e));
        }
    }

    /**
     * Returns the next batch of the input with its number, and keeps the turn. At the end, releases the turn and returns
     * null.
     */
    private SessionWindow.@Nullable Numbered next() throws InterruptedException {
        turn.acquire();
        window.awaitRoom();
        if (!window.isOver()) {
            try {
                var batch = queue.take();
                if (batch != null) {
                    return window.add(batch);
                }
                window.inputEnded(null);
            } catch (CommandFailed input) {
                window.inputEnded(input);
            }
        }
        turn.release();
        return null;
    }

    private static Runnable once(Runnable action) {
        var done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                action.run();
            }
        };
    }

    private void read(InputStream input) {
        var chunk = new byte[CHUNK_BYTES];
        try {
            var length = input.read(chunk);
            while (length >= 0 && queue.accept(chunk, length)) {
                length = input.read(chunk);
            }
            queue.finish();
        } catch (CommandFailed e) {
            queue.fail(e);
        } catch (IOException e) {
            queue.fail(new CommandFailed("cannot read standard input: " + e.getMessage(), e));
        } catch (InterruptedException e) {
            queue.fail(new CommandFailed("interrupted while reading standard input", e));
        } catch (RuntimeException | Error e) {
            // The sender must not wait for ever; it rethrows this.
            queue.fail(new CommandFailed("reading standard input failed: " + e, e));
        }
    }
}
