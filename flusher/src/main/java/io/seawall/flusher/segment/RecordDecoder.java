package io.seawall.flusher.segment;

import io.seawall.wal.Header;
import io.seawall.wal.LogRecord;
import io.seawall.wal.WalRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;
import org.jspecify.annotations.Nullable;

/** Reads a record of exactly {@link SegmentFormat#SCHEMA}; the caller has checked the file's schema. Stateless. */
public final class RecordDecoder implements DatumReader<LogRecord> {
    @Override
    public void setSchema(Schema schema) {
        // The only schema is SegmentFormat.SCHEMA.
    }

    @Override
    public LogRecord read(@Nullable LogRecord reuse, Decoder in) throws IOException {
        var lsn = in.readLong();
        var term = in.readLong();
        var timestampMs = in.readLong();
        var offset = in.readLong();
        var key = readNullable(in);
        var value = readNullable(in);
        return new LogRecord(lsn, term, timestampMs, offset, new WalRecord(key, value, readHeaders(in)));
    }

    private static List<Header> readHeaders(Decoder in) throws IOException {
        var headers = new ArrayList<Header>();
        for (var count = in.readArrayStart(); count > 0; count = in.arrayNext()) {
            for (var i = 0L; i < count; i++) {
                headers.add(new Header(in.readString(), readNullable(in)));
            }
        }
        return headers;
    }

    private static byte @Nullable [] readNullable(Decoder in) throws IOException {
        if (in.readIndex() == 0) {
            in.readNull();
            return null;
        }
        var buffer = in.readBytes(null);
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
