package io.seawall.flusher.segment;

import io.seawall.wal.LogRecord;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/** Writes a record in the segments' schema directly, without a generic record. Stateless. */
final class RecordEncoder implements DatumWriter<LogRecord> {
    private static final int NULL_BRANCH = 0;
    private static final int BYTES_BRANCH = 1;

    @Override
    public void setSchema(Schema schema) {
        // The only schema is SegmentFormat.SCHEMA.
    }

    @Override
    public void write(LogRecord record, Encoder out) throws IOException {
        out.writeLong(record.lsn());
        out.writeLong(record.term());
        out.writeLong(record.timestampMs());
        out.writeLong(record.offset());
        writeNullable(record.data().key(), out);
        writeNullable(record.data().value(), out);
        out.writeArrayStart();
        out.setItemCount(record.data().headers().size());
        for (var header : record.data().headers()) {
            out.startItem();
            out.writeString(header.key());
            writeNullable(header.value(), out);
        }
        out.writeArrayEnd();
    }

    private static void writeNullable(byte @Nullable [] bytes, Encoder out) throws IOException {
        if (bytes == null) {
            out.writeIndex(NULL_BRANCH);
            out.writeNull();
        } else {
            out.writeIndex(BYTES_BRANCH);
            out.writeBytes(bytes);
        }
    }
}
