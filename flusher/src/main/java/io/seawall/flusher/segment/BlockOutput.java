package io.seawall.flusher.segment;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/** Counts and checksums the bytes written through it. Used by one thread at a time. */
final class BlockOutput extends FilterOutputStream {
    private final CRC32C crc = new CRC32C();
    private long bytes;

    BlockOutput(OutputStream out) {
        super(out);
    }

    /** Returns the size and checksum of what was written so far. */
    SegmentInfo.Blocks blocks() {
        return new SegmentInfo.Blocks(bytes, (int) crc.getValue());
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        crc.update(b);
        bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
        crc.update(buffer, offset, length);
        bytes += length;
    }
}
