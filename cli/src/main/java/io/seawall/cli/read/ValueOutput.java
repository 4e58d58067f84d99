package io.seawall.cli.read;

import io.seawall.client.log.LogRecord;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the value's bytes and a newline. A null value looks like an empty one. Has a buffer without locks, for small values. */
final class ValueOutput implements RecordOutput {
    private static final int BUFFER_BYTES = 1 << 18;

    private final OutputStream out;
    private final byte[] buffer;
    private int used;

    ValueOutput(OutputStream out) {
        this(out, BUFFER_BYTES);
    }

    ValueOutput(OutputStream out, int bufferBytes) {
        this.out = out;
        this.buffer = new byte[bufferBytes];
    }

    @Override
    public int write(LogRecord record) throws IOException {
        var value = record.data().value();
        var length = value == null ? 0 : value.length;
        if (length >= buffer.length - used) {
            writeBuffer();
        }
        if (value != null && length < buffer.length) {
            System.arraycopy(value, 0, buffer, used, length);
            used += length;
        } else if (value != null) {
            out.write(value);
        }
        buffer[used] = '\n';
        used++;
        return length + 1;
    }

    private void writeBuffer() throws IOException {
        out.write(buffer, 0, used);
        used = 0;
    }

    @Override
    public void flush() throws IOException {
        writeBuffer();
        out.flush();
    }
}
