package io.seawall.cli.append;

import io.seawall.cli.command.CommandFailed;
import java.util.Arrays;

/**
 * Splits a stream of bytes into lines: the bytes before each newline, undecoded, so that an empty line is an empty value.
 * The bytes after the last newline are a line too, unless there are none. Memory is bounded by the longest line. Not
 * thread-safe.
 */
final class LineSplitter {
    private static final int FIRST_CARRY_BYTES = 1 << 13;

    /** Receives lines. The buffer belongs to the splitter, which overwrites it after the call. */
    interface Sink {
        void line(byte[] buffer, int offset, int length) throws InterruptedException;
    }

    private final int longestBytes;
    private byte[] carry = new byte[FIRST_CARRY_BYTES];
    private int carried;
    private long lines;

    /**
     * Creates a splitter at the start of its input.
     *
     * @param longestBytes the longest allowed line, in bytes
     */
    LineSplitter(int longestBytes) {
        this.longestBytes = longestBytes;
    }

    /** Splits the next bytes of the input and passes on every line that ends in them. */
    void accept(byte[] chunk, int length, Sink sink) throws InterruptedException {
        var start = 0;
        for (var at = 0; at < length; at++) {
            if (chunk[at] == '\n') {
                end(chunk, start, at - start, sink);
                start = at + 1;
            }
        }
        keep(chunk, start, length - start);
    }

    /** Passes on the bytes after the last newline of the input. */
    void finish(Sink sink) throws InterruptedException {
        if (carried > 0) {
            end(carry, 0, 0, sink);
        }
    }

    private void end(byte[] chunk, int offset, int length, Sink sink) throws InterruptedException {
        if (carried == 0) {
            checkLength(length);
            sink.line(chunk, offset, length);
        } else {
            keep(chunk, offset, length);
            sink.line(carry, 0, carried);
            carried = 0;
        }
        lines++;
    }

    private void keep(byte[] chunk, int offset, int length) {
        checkLength((long) carried + length);
        if (carried + length > carry.length) {
            carry = Arrays.copyOf(carry, Math.min(longestBytes, Math.max(carried + length, 2 * carry.length)));
        }
        System.arraycopy(chunk, offset, carry, carried, length);
        carried += length;
    }

    private void checkLength(long length) {
        if (length > longestBytes) {
            throw new CommandFailed("line " + (lines + 1) + " is longer than " + longestBytes
                    + " bytes, the longest line that append --lines accepts");
        }
    }
}
