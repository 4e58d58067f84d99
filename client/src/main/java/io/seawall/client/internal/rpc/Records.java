package io.seawall.client.internal.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.seawall.api.v1.ReadResponse;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Header;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.WalRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Converts records from and to messages. Bytes are wrapped on the way out, and copied once on the way in. */
public final class Records {
    private Records() {}

    /**
     * Returns the message of a record that is to be appended.
     *
     * @throws SeawallException with {@link Codes#INVALID} for a header name that the log does not take
     */
    public static io.seawall.api.v1.WalRecord message(WalRecord record) {
        var message = io.seawall.api.v1.WalRecord.newBuilder();
        var key = record.key();
        if (key != null) {
            message.setKey(UnsafeByteOperations.unsafeWrap(key));
        }
        var value = record.value();
        if (value != null) {
            message.setValue(UnsafeByteOperations.unsafeWrap(value));
        }
        for (var header : record.headers()) {
            message.addHeaders(message(header));
        }
        return message.build();
    }

    private static io.seawall.api.v1.Header message(Header header) {
        if (header.key().equals("wal") || header.key().startsWith("wal-")) {
            throw badName("'" + header.key() + "'", "a name other than 'wal' and not beginning with 'wal-'");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(header.key())) {
            throw badName("half of a surrogate pair", "a name that UTF-8 has");
        }
        var message = io.seawall.api.v1.Header.newBuilder().setKey(header.key());
        var value = header.value();
        if (value != null) {
            message.setValue(UnsafeByteOperations.unsafeWrap(value));
        }
        return message.build();
    }

    private static SeawallException badName(String found, String expected) {
        return SeawallException.of(Codes.INVALID, "cannot append a header: found " + found + ", expected " + expected)
                .found(found)
                .expected(expected)
                .build();
    }

    /** Returns the records of a message of a node. */
    public static List<LogRecord> records(ReadResponse message) {
        var records = new ArrayList<LogRecord>(message.getRecordsCount());
        for (var record : message.getRecordsList()) {
            records.add(new LogRecord(
                    record.getLsn(),
                    record.getTerm(),
                    record.getTimestampMs(),
                    new WalRecord(
                            record.hasKey() ? bytes(record.getKey()) : null,
                            record.hasValue() ? bytes(record.getValue()) : null,
                            headers(record.getHeadersList()))));
        }
        return records;
    }

    private static List<Header> headers(List<io.seawall.api.v1.Header> messages) {
        if (messages.isEmpty()) {
            return List.of();
        }
        var headers = new ArrayList<Header>(messages.size());
        for (var message : messages) {
            headers.add(new Header(message.getKey(), message.hasValue() ? bytes(message.getValue()) : null));
        }
        return headers;
    }

    private static byte[] bytes(ByteString bytes) {
        return bytes.toByteArray();
    }
}
