package io.seawall.flusher.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads an object to its end: if the connection breaks, or ends before the promised length, it requests the rest of the same
 * content. Used by one thread.
 */
final class ResumingInput extends InputStream {
    /** The most resumptions within one object; after that the read fails and the caller retries later. */
    private static final int RESUMPTIONS = 8;

    private final S3Objects objects;
    private final String path;
    private final String etag;
    private final long endByte;
    private S3Objects.Body body;
    private long nextByte;
    private int resumptions;

    ResumingInput(S3Objects objects, String path, long fromByte) throws IOException {
        this.objects = objects;
        this.path = path;
        this.nextByte = fromByte;
        this.body = objects.get(path, fromByte, null);
        this.etag = body.etag();
        this.endByte = fromByte + body.leftBytes();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        while (nextByte < endByte) {
            try {
                var count = body.in().read(buffer, offset, (int) Math.min(length, endByte - nextByte));
                if (count < 0) {
                    throw new EOFException("the response ended at byte " + nextByte + " of " + endByte);
                }
                nextByte += count;
                return count;
            } catch (IOException e) {
                resume(e);
            }
        }
        return -1;
    }

    private void resume(IOException reason) throws IOException {
        if (++resumptions > RESUMPTIONS) {
            throw new IOException(
                    "cannot read " + objects.describe(path) + ": the connection broke " + resumptions
                            + " times, last at byte " + nextByte + " of " + endByte,
                    reason);
        }
        body.in().abort();
        body = objects.get(path, nextByte, etag);
        if (nextByte + body.leftBytes() != endByte) {
            throw new IOException("cannot continue reading " + objects.describe(path) + ": from byte " + nextByte
                    + " on " + body.leftBytes() + " bytes were promised, expected " + (endByte - nextByte));
        }
    }

    @Override
    public void close() throws IOException {
        if (nextByte < endByte) {
            // Closing it would read the rest.
            body.in().abort();
        } else {
            body.in().close();
        }
    }
}
