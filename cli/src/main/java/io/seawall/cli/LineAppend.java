package io.seawall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/**
 * Appends each line of an input, in order. One request is on the wire at a time, as a node gives no order to two that are
 * in flight; meanwhile a second thread reads and encodes the batches that come next. Memory is bounded by a few batches.
 */
final class LineAppend {
    /** The longest line, so that input without newlines ends in an error and not in a full memory. */
    static final int LONGEST_LINE_BYTES = 16 << 20;

    private static final int CHUNK_BYTES = 1 << 16;

    private final NodeClient client;
    private final Progress progress;
    private final BatchQueue queue;
    private URI target;

    LineAppend(NodeClient client, PChannel pchannel, RecordTemplate template, Progress progress) {
        this.client = client;
        this.progress = progress;
        this.queue = new BatchQueue(template, new LineSplitter(LONGEST_LINE_BYTES));
        this.target = client.uri(PChannelArgument.path(pchannel) + "/records");
    }

    /**
     * Sends the whole input; blocks until its end is acknowledged.
     *
     * @throws AppendFailed with the count of lines that were acknowledged
     */
    AppendTotals run(InputStream input) throws InterruptedException {
        // A daemon, and never joined: a read of standard input cannot be interrupted.
        var reader = new Thread(() -> read(input), "seawall-append-input");
        reader.setDaemon(true);
        reader.start();
        try {
            return sendAll();
        } finally {
            queue.abandon();
            progress.end();
        }
    }

    private AppendTotals sendAll() throws InterruptedException {
        var totals = AppendTotals.NOTHING;
        while (true) {
            var inFlight = 0;
            try {
                var batch = queue.take();
                if (batch == null) {
                    return totals;
                }
                inFlight = batch.records();
                totals = totals.plus(batch, send(batch));
            } catch (CommandFailed e) {
                throw new AppendFailed(totals, inFlight, e);
            }
            progress.at(totals.records(), totals.bytes());
        }
    }

    // Once redirected, the owner is asked directly, so that each batch crosses the network once.
    private JsonNode send(Batch batch) {
        var answer = client.append(target, batch.finish());
        target = answer.from();
        return answer.body();
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
