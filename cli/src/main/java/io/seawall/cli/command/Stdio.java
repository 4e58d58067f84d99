package io.seawall.cli.command;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The three standard streams. Standard output is buffered; the code that has written a result, or is about to wait, flushes
 * it. Failures of standard output are thrown as {@link OutputFailed}, so that they are never taken for failures of the
 * network.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param outTerminal whether standard output is a terminal
 * @param errTerminal whether standard error is a terminal
 */
public record Stdio(InputStream in, OutputStream out, PrintStream err, boolean outTerminal, boolean errTerminal) {
    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * Returns the streams of this process. Java cannot find out whether they are terminals, so the launcher script tells it.
     */
    public static Stdio system() {
        return of(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Boolean.getBoolean("seawall.stdout.terminal"),
                Boolean.getBoolean("seawall.stderr.terminal"));
    }

    public static Stdio of(
            InputStream in, OutputStream rawOut, PrintStream err, boolean outTerminal, boolean errTerminal) {
        return new Stdio(
                in, new BufferedOutputStream(new Checked(rawOut), BUFFER_BYTES), err, outTerminal, errTerminal);
    }

    /** Writes a line to standard output and flushes it. */
    public void println(String line) {
        try {
            out.write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new OutputFailed(e);
        }
    }

    /** Returns standard output for text that a library prints. */
    public PrintWriter textOut() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    /** Returns standard error for text that a library prints. */
    public PrintWriter textErr() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }

    /** Thrown if standard output cannot be written. */
    public static final class OutputFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        OutputFailed(IOException cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }

        /** Returns whether the reader of a pipe is gone, as {@code head} may be. */
        public boolean readerIsGone() {
            return String.valueOf(getMessage()).contains("Broken pipe");
        }
    }

    /** Converts the failures of standard output. */
    private static final class Checked extends OutputStream {
        private final OutputStream target;

        Checked(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                target.write(bytes, offset, length);
            } catch (IOException e) {
                throw new OutputFailed(e);
            }
        }

        @Override
        public void flush() {
            try {
                target.flush();
            } catch (IOException e) {
                throw new OutputFailed(e);
            }
        }
    }
}
