package io.seawall.node.http.coding;

import com.github.luben.zstd.ZstdBufferDecompressingStreamNoFinalizer;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Unpacks zstd (RFC 8878). Unpacking takes a window of memory outside the heap, of a size that the body states; it may be 8 MiB, as
 * RFC 9659 says for HTTP. The memory is taken only while the caller waits, so there are never more windows than threads.
 */
final class ZstdUnpacker {
    /** The logarithm of the largest window. */
    private static final int WINDOW_LOG = 23;

    private ZstdUnpacker() {}

    static void unpack(String operation, byte[] packed, int length, Unpacked out) {
        var source = ByteBuffer.wrap(packed, 0, length);
        // Not ZstdInputStream: it takes a frame that is cut off for the end if the one before ends in the same buffer.
        try (var zstd = new ZstdBufferDecompressingStreamNoFinalizer(source)) {
            zstd.setLongMax(WINDOW_LOG);
            while (zstd.hasRemaining()) {
                var before = source.position();
                var taken = zstd.read(out.room());
                out.taken(taken);
                if (taken == 0 && source.position() == before) {
                    throw Broken.cut(operation, Coding.ZSTD, length, "a frame");
                }
            }
        } catch (IOException e) { // of the library, as there is no I/O
            throw Broken.at(operation, Coding.ZSTD, source.position(), what(e));
        }
    }

    private static String what(IOException error) {
        var message = String.valueOf(error.getMessage());
        return message.contains("too much memory") ? message + " (a window of at most 8 MiB is allowed)" : message;
    }
}
