package io.seawall.cli.read;

import io.seawall.cli.command.ValueFormat;
import io.seawall.client.log.LogRecord;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.http.read.RecordJson;
import io.seawall.wal.Header;
import io.seawall.wal.WalRecord;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the whole record in the form of the HTTP API, one per line. */
final class JsonOutput implements RecordOutput {
    private static final long UNKNOWN_OFFSET = -1; // is not written

    private final OutputStream out;
    private final ValueFormat format;

    JsonOutput(OutputStream out, ValueFormat format) {
        this.out = out;
        this.format = format;
    }

    @Override
    public int write(LogRecord record) throws IOException {
        var data = record.data();
        var headers = data.headers().stream()
                .map(header -> new Header(header.key(), header.value()))
                .toList();
        var whole = new io.seawall.wal.LogRecord(
                record.lsn(),
                record.term(),
                record.timestampMs(),
                UNKNOWN_OFFSET,
                new WalRecord(data.key(), data.value(), headers));
        var line = JsonStreams.lines(json -> RecordJson.write(json, whole, format.ofApi()), false);
        out.write(line);
        return line.length;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
