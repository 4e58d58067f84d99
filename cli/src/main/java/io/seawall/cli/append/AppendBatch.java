package io.seawall.cli.append;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.cli.command.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;

/**
 * The JSON body of one append, encoded while records are added. Holds up to {@value #MAX_RECORDS} records and
 * {@value #MAX_BYTES} bytes of them, or one record of any size. Not thread-safe.
 */
final class AppendBatch {
    static final int MAX_RECORDS = 1_000;
    static final int MAX_BYTES = 1 << 20;

    private final RecordTemplate template;
    private final Body body = new Body();
    private final JsonGenerator json;
    private int records;
    private long bytes;

    AppendBatch(RecordTemplate template) {
        this.template = template;
        try {
            json = Json.FACTORY.createGenerator(body);
            json.writeStartObject();
            json.writeArrayFieldStart("records");
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    /** Returns whether a record with a value of this length may be added. */
    boolean fits(int length) {
        return records == 0 || (records < MAX_RECORDS && bytes + length + template.sizeBytes() <= MAX_BYTES);
    }

    /** Adds a record; the caller may reuse the buffer afterwards. */
    void add(byte[] buffer, int offset, int length) {
        try {
            template.write(json, buffer, offset, length);
        } catch (IOException e) {
            throw inMemory(e);
        }
        records++;
        bytes += length + template.sizeBytes();
    }

    int records() {
        return records;
    }

    /** Returns the size of the records in bytes before encoding. */
    long bytes() {
        return bytes;
    }

    /** Ends the body. It may be sent more than once, as a redirect requires. */
    BodyPublisher finish() {
        return finish(null);
    }

    /** Ends the body; the log writes it only if its tail is {@code ifTail}, null for any. */
    BodyPublisher finish(@Nullable Long ifTail) {
        try {
            json.writeEndArray();
            if (ifTail != null) {
                json.writeNumberField("ifTail", ifTail);
            }
            json.writeEndObject();
            json.close();
        } catch (IOException e) {
            throw inMemory(e);
        }
        return body.publisher();
    }

    private static UncheckedIOException inMemory(IOException e) {
        return new UncheckedIOException("writing to memory does not fail", e);
    }

    /** A buffer that is published without a copy. */
    private static final class Body extends ByteArrayOutputStream {
        private static final int FIRST_BYTES = 1 << 14;

        Body() {
            super(FIRST_BYTES);
        }

        BodyPublisher publisher() {
            return BodyPublishers.ofByteArray(buf, 0, count);
        }
    }
}
