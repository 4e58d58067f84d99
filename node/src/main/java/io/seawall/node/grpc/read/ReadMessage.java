package io.seawall.node.grpc.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadResponse;
import io.seawall.node.tail.RecordSlice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * An answer of a read: a {@link ReadResponse}, of which the records may be encoded already. Protobuf reads the fields of a message one
 * behind the other, so encoded records and the rest of the message are simply put together. Immutable.
 */
final class ReadMessage {
    /** Writes messages; nothing reads them on a node. */
    static final MethodDescriptor.Marshaller<ReadMessage> MARSHALLER = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(ReadMessage message) {
            return message.encoded.isEmpty()
                    ? LogServiceGrpc.getReadMethod().streamResponse(message.rest)
                    : new Encoded(message.encoded.concat(message.rest.toByteString()));
        }

        @Override
        public ReadMessage parse(InputStream stream) {
            throw new UnsupportedOperationException("a node reads no answers");
        }
    };

    private final ReadResponse rest;
    private final ByteString encoded;
    private final int count;

    private ReadMessage(ReadResponse rest, ByteString encoded, int count) {
        this.rest = rest;
        this.encoded = encoded;
        this.count = count;
    }

    /** Creates a message that has its records, if any, as fields. */
    static ReadMessage of(ReadResponse message) {
        return new ReadMessage(message, ByteString.EMPTY, message.getRecordsCount());
    }

    /**
     * Creates a message of records that are encoded once for all who get them.
     *
     * @param positions a message without records
     */
    static ReadMessage of(ReadResponse positions, List<RecordSlice> records) {
        var encoded = ByteString.EMPTY;
        var count = 0;
        for (var slice : records) {
            encoded = encoded.concat(UnsafeByteOperations.unsafeWrap(slice.encoded(RecordMessages.ENCODER)));
            count += slice.count();
        }
        return new ReadMessage(positions, encoded, count);
    }

    /** Returns how many records it has. */
    int count() {
        return count;
    }

    /** Bytes of which gRPC asks the length, and which it lets write themselves into its buffers. Used by one thread. */
    private static final class Encoded extends InputStream implements Drainable, KnownLength {
        private ByteString left;

        Encoded(ByteString bytes) {
            this.left = bytes;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            var size = left.size();
            left.writeTo(target);
            left = ByteString.EMPTY;
            return size;
        }

        @Override
        public int available() {
            return left.size();
        }

        @Override
        public int read() {
            if (left.isEmpty()) {
                return -1;
            }
            var octet = left.byteAt(0) & 0xff;
            left = left.substring(1);
            return octet;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left.isEmpty()) {
                return length == 0 ? 0 : -1;
            }
            var size = Math.min(length, left.size());
            left.substring(0, size).asReadOnlyByteBuffer().get(into, offset, size);
            left = left.substring(size);
            return size;
        }
    }
}
