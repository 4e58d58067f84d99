package io.seawall.node.grpc.append;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.Header;
import io.seawall.node.serve.BatchRules;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code AppendRequest} from the bytes that arrived, without the generated classes: each key and value is copied once, from
 * the buffers of the network into the array that the log keeps, and a message that breaks a limit is given up before it takes more
 * memory. Reads the same as the generated classes do; fields that it does not know are skipped. Thread-safe.
 */
final class AppendParser implements MethodDescriptor.Marshaller<AppendMessage> {
    private static final String OPERATION = "append";
    private static final int SMALLEST_BUFFER = 64;
    private static final int LARGEST_BUFFER = 4096;

    /** What a header costs the log besides its bytes, as {@link WalRecord#sizeBytes} counts it. */
    private static final int HEADER_BYTES = 10;

    private static final int OPEN = bytes(AppendRequest.OPEN_FIELD_NUMBER);
    private static final int BATCH = bytes(AppendRequest.BATCH_FIELD_NUMBER);
    private static final int PCHANNEL = bytes(AppendOpen.PCHANNEL_FIELD_NUMBER);
    private static final int WRITER_ID = bytes(AppendOpen.WRITER_ID_FIELD_NUMBER);
    private static final int RECORDS = bytes(AppendBatch.RECORDS_FIELD_NUMBER);
    private static final int IF_TAIL = number(AppendBatch.IF_TAIL_FIELD_NUMBER);
    private static final int SEQ = number(AppendBatch.SEQ_FIELD_NUMBER);
    private static final int KEY = bytes(io.seawall.api.v1.WalRecord.KEY_FIELD_NUMBER);
    private static final int VALUE = bytes(io.seawall.api.v1.WalRecord.VALUE_FIELD_NUMBER);
    private static final int HEADERS = bytes(io.seawall.api.v1.WalRecord.HEADERS_FIELD_NUMBER);
    private static final int HEADER_KEY = bytes(Header.KEY_FIELD_NUMBER);
    private static final int HEADER_VALUE = bytes(Header.VALUE_FIELD_NUMBER);

    private final BatchRules rules;

    AppendParser(BatchRules rules) {
        this.rules = rules;
    }

    private static int bytes(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private static int number(int field) {
        return field << 3 | WireFormat.WIRETYPE_VARINT;
    }

    @Override
    public AppendMessage parse(InputStream in) {
        try {
            var buffer = Math.max(SMALLEST_BUFFER, Math.min(in.available(), LARGEST_BUFFER));
            return new Reading(CodedInputStream.newInstance(in, buffer), rules).read();
        } catch (InvalidProtocolBufferException broken) {
            return new AppendMessage.Broken(Problem.of(ErrorCode.INVALID, OPERATION)
                    .found("bytes that are no AppendRequest: " + broken.getMessage())
                    .expected("a message of log.proto")
                    .exception());
        } catch (RequestException refused) {
            return new AppendMessage.Refused(refused);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
    }

    /** Not used: a server reads these messages only. */
    @Override
    public InputStream stream(AppendMessage message) {
        return new ByteArrayInputStream(new byte[0]);
    }

    /** One message that is read. */
    private static final class Reading {
        private final CodedInputStream in;
        private final BatchRules rules;
        private final List<WalRecord> records = new ArrayList<>();
        private String pchannel = "";
        private String writerId = "";
        private @Nullable Long ifTail;
        private @Nullable Long seq;
        private long bytes;
        private AppendMessage.@Nullable Kind kind;

        Reading(CodedInputStream in, BatchRules rules) {
            this.in = in;
            this.rules = rules;
        }

        AppendMessage read() throws IOException {
            for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == OPEN) {
                    begin(AppendMessage.Kind.OPEN);
                    nested(this::readOpen);
                } else if (tag == BATCH) {
                    begin(AppendMessage.Kind.BATCH);
                    nested(this::readBatch);
                } else {
                    skip(tag);
                }
            }
            in.checkLastTagWas(0);
            if (kind == AppendMessage.Kind.BATCH) {
                rules.checkNotEmpty(OPERATION, records);
                return new AppendMessage.Batch(records, bytes, ifTail, seq);
            }
            if (kind == AppendMessage.Kind.OPEN) {
                return new AppendMessage.Open(pchannel, writerId);
            }
            return new AppendMessage.Broken(Problem.of(ErrorCode.INVALID, OPERATION)
                    .found("a message with neither open nor batch")
                    .expected("one of them")
                    .exception());
        }

        /** Of both kinds the last one counts, and parts of one kind are merged, as the encoding of protos says. */
        private void begin(AppendMessage.Kind next) {
            if (kind != next) {
                kind = next;
                records.clear();
                bytes = 0;
                ifTail = null;
                seq = null;
                pchannel = "";
                writerId = "";
            }
        }

        private boolean readOpen(int tag) throws IOException {
            if (tag == PCHANNEL) {
                pchannel = in.readStringRequireUtf8();
            } else if (tag == WRITER_ID) {
                writerId = in.readStringRequireUtf8();
            } else {
                return false;
            }
            return true;
        }

        private boolean readBatch(int tag) throws IOException {
            if (tag == RECORDS) {
                rules.checkRoom(OPERATION, records.size());
                var record = new RecordReading(in, rules, records.size());
                nested(record::read);
                var whole = record.whole();
                rules.check(OPERATION, whole, records.size());
                records.add(whole);
                bytes += whole.sizeBytes();
            } else if (tag == IF_TAIL) {
                ifTail = in.readInt64();
            } else if (tag == SEQ) {
                seq = in.readInt64();
            } else {
                return false;
            }
            return true;
        }

        private void nested(Fields fields) throws IOException {
            readNested(in, fields);
        }

        private void skip(int tag) throws IOException {
            skipField(in, tag);
        }
    }

    /** One record that is read. */
    private static final class RecordReading {
        private final CodedInputStream in;
        private final BatchRules rules;
        private final int index;
        private final List<io.seawall.wal.Header> headers = new ArrayList<>();
        private byte @Nullable [] key;
        private byte @Nullable [] value;
        private String headerKey = "";
        private byte @Nullable [] headerValue;
        private long bytes;

        RecordReading(CodedInputStream in, BatchRules rules, int index) {
            this.in = in;
            this.rules = rules;
            this.index = index;
        }

        boolean read(int tag) throws IOException {
            if (tag == KEY) {
                key = readBytes();
            } else if (tag == VALUE) {
                value = readBytes();
            } else if (tag == HEADERS) {
                headerKey = "";
                headerValue = null;
                grow(HEADER_BYTES);
                readNested(in, this::readHeader);
                headers.add(new io.seawall.wal.Header(headerKey, headerValue));
            } else {
                return false;
            }
            return true;
        }

        private boolean readHeader(int tag) throws IOException {
            if (tag == HEADER_KEY) {
                headerKey = in.readStringRequireUtf8();
                grow(headerKey.length()); // at most its bytes; the record is checked exactly when it is whole
            } else if (tag == HEADER_VALUE) {
                headerValue = readBytes();
            } else {
                return false;
            }
            return true;
        }

        private byte[] readBytes() throws IOException {
            var array = in.readByteArray();
            grow(array.length);
            return array;
        }

        /** Ends the reading as soon as the record is too large, so that no record takes much more memory than it may. */
        private void grow(int by) {
            bytes += by;
            rules.checkSize(OPERATION, bytes, index);
        }

        WalRecord whole() {
            return new WalRecord(key, value, headers);
        }
    }

    /** Reads one field of a nested message; returns whether it knows the field. */
    @FunctionalInterface
    private interface Fields {
        boolean read(int tag) throws IOException;
    }

    private static void readNested(CodedInputStream in, Fields fields) throws IOException {
        var outer = in.pushLimit(in.readRawVarint32());
        for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!fields.read(tag)) {
                skipField(in, tag);
            }
        }
        in.checkLastTagWas(0);
        if (in.getBytesUntilLimit() != 0) {
            throw new InvalidProtocolBufferException("a nested message that ends too early");
        }
        in.popLimit(outer);
    }

    private static void skipField(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("the end of a group that has not begun");
        }
    }
}
