package io.seawall.cli.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.cli.command.ValueFormat;
import io.seawall.client.log.LogRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** Writes a line for each record: the value in a format, and if asked for the LSN, the time and the key before it, behind tabs. */
final class FormattedOutput implements RecordOutput {
    private static final byte[] NONE = {'-'};

    private final OutputStream out;
    private final ValueFormat format;
    private final boolean meta;

    FormattedOutput(OutputStream out, ValueFormat format, boolean meta) {
        this.out = out;
        this.format = format;
        this.meta = meta;
    }

    @Override
    public int write(LogRecord record) throws IOException {
        var data = record.data();
        var size = 1;
        if (meta) {
            var key = data.key() == null ? NONE : format.shown(data.key());
            var head = (record.lsn() + "\t" + Instant.ofEpochMilli(record.timestampMs()) + "\t").getBytes(UTF_8);
            out.write(head);
            out.write(key);
            out.write('\t');
            size += head.length + key.length + 1;
        }
        var value = data.value() == null ? new byte[0] : format.shown(data.value());
        out.write(value);
        out.write('\n');
        return size + value.length;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
