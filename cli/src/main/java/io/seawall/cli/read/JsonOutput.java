package io.seawall.cli.read;

import io.seawall.cli.command.RecordLines;
import io.seawall.client.log.LogRecord;
import io.seawall.wal.Header;
import io.seawall.wal.WalRecord;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the whole record in the form of the HTTP API, one per line. */
final class JsonOutput implements RecordOutput {
    private static final long UNKNOWN_OFFSET = -1; // is not written

    private final OutputStream out;

    JsonOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public int write(LogRecord record) {
        var data = record.data();
        var headers = data.headers().stream()
                .map(header -> new Header(header.key(), header.value()))
                .toList();
        return RecordLines.JSON.write(
                new io.seawall.wal.LogRecord(
                        record.lsn(),
                        record.term(),
                        record.timestampMs(),
                        UNKNOWN_OFFSET,
                        new WalRecord(data.key(), data.value(), headers)),
                out);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
