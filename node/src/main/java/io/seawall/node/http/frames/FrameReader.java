package io.seawall.node.http.frames;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the records of a request's body, one after the other. No length is trusted: memory is taken for bytes that are there. */
public final class FrameReader {
    /** A header takes this many bytes at least. */
    private static final int LEAST_HEADER_BYTES = 2 * Integer.BYTES;

    private final String operation;
    private final ByteBuffer body;
    private int frameStart;
    private int index;

    /**
     * Creates a reader at the first frame.
     *
     * @param operation what the client wants, for errors
     * @param body the whole body
     */
    public FrameReader(String operation, byte[] body) {
        this.operation = operation;
        this.body = ByteBuffer.wrap(body);
    }

    /** Returns whether there are more frames. */
    public boolean hasNext() {
        return body.hasRemaining();
    }

    /**
     * Reads the next record.
     *
     * @throws RequestException with code INVALID if the body is not a sequence of whole frames with records to append
     */
    public WalRecord next() {
        frameStart = body.position();
        var length = number("the length of a frame");
        if (length < 1 || length > body.remaining()) {
            throw invalid("a frame of " + length + " bytes where " + body.remaining() + " are left", "whole frames");
        }
        var end = body.position() + length;
        var kind = body.get();
        if (kind != Frames.APPEND) {
            throw invalid(
                    "a frame of kind " + kind,
                    "kind " + Frames.APPEND + ", a record to append" + (kind == Frames.RECORD ? ", without LSN" : ""));
        }
        var limit = body.limit();
        body.limit(end);
        var record = record();
        if (body.hasRemaining()) {
            throw invalid(body.remaining() + " bytes behind the record", "the end of the frame");
        }
        body.limit(limit);
        index++;
        return record;
    }

    private WalRecord record() {
        var key = bytes("key");
        var value = bytes("value");
        var count = number("the number of headers");
        if (count < 0 || count > body.remaining() / LEAST_HEADER_BYTES) {
            throw invalid(count + " headers in " + body.remaining() + " bytes", "as many as there are");
        }
        var headers = new ArrayList<Header>(count);
        for (var at = 0; at < count; at++) {
            headers.add(new Header(name(), bytes("value of header " + at)));
        }
        return new WalRecord(key, value, List.copyOf(headers));
    }

    private String name() {
        var name = bytes("name of a header");
        if (name == null) {
            throw invalid("a header without a name", "a name, possibly of 0 bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw problem("a header's name that is not UTF-8", "UTF-8")
                    .cause(malformed)
                    .exception();
        }
    }

    private byte @Nullable [] bytes(String what) {
        var length = number("the length of the " + what);
        if (length == Frames.NULL) {
            return null;
        }
        if (length < 0 || length > body.remaining()) {
            throw invalid(
                    "a " + what + " of " + length + " bytes where " + body.remaining() + " are left in the frame",
                    "-1 for null, or as many as there are");
        }
        var bytes = new byte[length];
        body.get(bytes);
        return bytes;
    }

    private int number(String what) {
        if (body.remaining() < Integer.BYTES) {
            throw invalid("the end within " + what, "4 bytes");
        }
        return body.getInt();
    }

    private WalException invalid(String found, String expected) {
        return problem(found, expected).exception();
    }

    private Problem problem(String found, String expected) {
        return Problem.of(ErrorCode.INVALID, operation)
                .found(found + ", in the frame at byte " + frameStart + " (record " + index + ")")
                .expected(expected);
    }
}
