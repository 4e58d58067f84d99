package io.seawall.cli.append;

import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.Progress;
import io.seawall.cli.command.ValueFormat;
import io.seawall.client.log.LogWriter;
import io.seawall.client.log.SeawallException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Appends each line of an input, in order, with a writer of the client, which puts them into batches and sends them until they are
 * acknowledged. One thread reads the input; the thread of the command waits for the end. Memory is bounded by the lines without an
 * answer ({@link LineWindow#MOST_LINES}) and the buffer of the writer.
 */
final class LineAppend {
    /** The longest line, so that input without newlines fails instead of filling the memory. */
    static final int LONGEST_LINE_BYTES = 16 << 20;

    private static final int CHUNK_BYTES = 1 << 16;

    private final LogWriter writer;
    private final RecordTemplate template;
    private final ValueFormat format;
    private final Progress progress;
    private final LineWindow window;
    private LineGroup open; // used by the thread that reads

    /**
     * Creates an append.
     *
     * @param writer ends with its first failure
     * @param template the common parts of all records
     * @param format what the lines are
     * @param firstGoesAlone whether the first lines have to be acknowledged before others are sent
     * @param progress shows the acknowledged records
     */
    LineAppend(
            LogWriter writer, RecordTemplate template, ValueFormat format, boolean firstGoesAlone, Progress progress) {
        this.writer = writer;
        this.template = template;
        this.format = format;
        this.progress = progress;
        this.window = new LineWindow(firstGoesAlone);
        this.open = new LineGroup(template, 1);
    }

    /**
     * Sends the whole input; blocks until its end is acknowledged.
     *
     * @throws AppendFailed with the number of acknowledged lines
     */
    AppendTotals run(InputStream input) throws InterruptedException {
        // A daemon that is never joined, because a read of standard input cannot be interrupted.
        var reading = new Thread(() -> read(input), "seawall-append-input");
        reading.setDaemon(true);
        reading.start();
        try {
            var totals = AppendTotals.NOTHING;
            while (!window.isOver()) {
                totals = window.await(totals);
                progress.at(totals.records(), totals.bytes());
            }
            return window.result(writer);
        } finally {
            window.stop();
            progress.end();
        }
    }

    private void read(InputStream input) {
        CommandFailed failure = null;
        try {
            try {
                readAll(input);
            } catch (CommandFailed e) {
                failure = e;
            } catch (IOException e) {
                failure = new CommandFailed("cannot read standard input: " + e.getMessage(), e);
            }
            send(); // also what came before a failure of the input
        } catch (InterruptedException e) {
            failure = new CommandFailed("interrupted while reading standard input", e);
        } catch (RuntimeException | Error e) {
            // The command must not wait for ever; it throws this.
            failure = new CommandFailed("reading standard input failed: " + e, e);
        }
        window.inputEnded(failure);
    }

    private void readAll(InputStream input) throws IOException, InterruptedException {
        var splitter = new LineSplitter(LONGEST_LINE_BYTES);
        var chunk = new byte[CHUNK_BYTES];
        var length = input.read(chunk);
        while (length >= 0 && window.isRunning()) {
            splitter.accept(chunk, length, this::add);
            send(); // however little it is: more input may be long in coming
            length = input.read(chunk);
        }
        splitter.finish(this::add);
    }

    private void add(byte[] buffer, int offset, int length) throws InterruptedException {
        if (format != ValueFormat.TEXT) {
            var bytes = meant(Arrays.copyOfRange(buffer, offset, offset + length));
            addMeant(bytes, 0, bytes.length);
        } else {
            addMeant(buffer, offset, length);
        }
    }

    private byte[] meant(byte[] line) {
        try {
            return format.meant(line);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailed("line " + (open.lastLine() + 1) + ": found " + wrong.getMessage(), wrong);
        }
    }

    private void addMeant(byte[] buffer, int offset, int length) throws InterruptedException {
        if (!open.fits(length)) {
            send();
        }
        open.add(buffer, offset, length);
    }

    private void send() throws InterruptedException {
        var group = open;
        if (group.isEmpty()) {
            return;
        }
        open = new LineGroup(template, group.lastLine() + 1);
        if (window.add(group)) {
            var unused = writer.append(group.records()).whenComplete((ack, thrown) -> {
                if (thrown == null) {
                    window.acknowledged(group, ack);
                } else {
                    window.failed(group, SeawallException.from(thrown));
                }
            });
        }
    }
}
