package io.seawall.node.grpc.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.seawall.api.v1.Header;
import io.seawall.api.v1.LogRecord;
import io.seawall.api.v1.ReadResponse;
import io.seawall.node.tail.EncodedRecords;
import io.seawall.node.tail.RecordEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Makes messages of records. Keys and values are not copied: records do not change. */
final class RecordMessages {
    /** Encodes each record as the field of a {@link ReadResponse}. */
    static final RecordEncoder ENCODER = RecordMessages::encode;

    private RecordMessages() {}

    private static EncodedRecords encode(List<io.seawall.wal.LogRecord> records) {
        var messages = new ArrayList<LogRecord>(records.size());
        var ends = new int[records.size()];
        var size = 0;
        for (var record : records) {
            var message = of(record);
            size += CodedOutputStream.computeMessageSize(ReadResponse.RECORDS_FIELD_NUMBER, message);
            ends[messages.size()] = size;
            messages.add(message);
        }
        var bytes = new byte[size];
        var out = CodedOutputStream.newInstance(bytes);
        try {
            for (var message : messages) {
                out.writeMessage(ReadResponse.RECORDS_FIELD_NUMBER, message);
            }
            out.checkNoSpaceLeft();
        } catch (IOException impossible) { // the array has the size that the messages stated
            throw new UncheckedIOException(impossible);
        }
        return new EncodedRecords(bytes, ends);
    }

    static LogRecord of(io.seawall.wal.LogRecord record) {
        var data = record.data();
        var message = LogRecord.newBuilder()
                .setLsn(record.lsn())
                .setTerm(record.term())
                .setTimestampMs(record.timestampMs());
        var key = data.key();
        if (key != null) {
            message.setKey(wrapped(key));
        }
        var value = data.value();
        if (value != null) {
            message.setValue(wrapped(value));
        }
        for (var header : data.headers()) {
            message.addHeaders(of(header));
        }
        return message.build();
    }

    private static Header of(io.seawall.wal.Header header) {
        var message = Header.newBuilder().setKey(header.key());
        var value = header.value();
        if (value != null) {
            message.setValue(wrapped(value));
        }
        return message.build();
    }

    private static ByteString wrapped(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
