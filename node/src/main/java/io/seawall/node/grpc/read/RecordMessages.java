package io.seawall.node.grpc.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.seawall.api.v1.Header;
import io.seawall.api.v1.LogRecord;

/** Makes messages of records. Keys and values are not copied: records do not change. */
final class RecordMessages {
    private RecordMessages() {}

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
