package io.seawall.cli.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.cli.command.Json;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads a page of records as a stream, with one record in memory at a time. */
final class PageReader {
    private PageReader() {}

    /** Receives the records of a page in order. */
    interface Handler {
        /** Reads the record at whose start the parser is, up to its end. */
        void record(JsonParser page) throws IOException;
    }

    /**
     * The part of a page after the records.
     *
     * @param records the number of records
     * @param next the LSN at which the next page starts, -1 if missing
     * @param tail the tail as the node knew it, -1 if missing
     */
    record End(int records, long next, long tail) {}

    /** Reads one page up to the end of its object. */
    static End read(InputStream body, Handler handler) throws IOException {
        try (var page = Json.parser(body)) {
            expect(JsonToken.START_OBJECT, page.nextToken());
            var records = 0;
            var next = -1L;
            var tail = -1L;
            while (page.nextToken() != JsonToken.END_OBJECT) {
                var name = page.currentName();
                if (name == null) {
                    throw new IOException("the page ended early");
                }
                var token = page.nextToken();
                switch (name) {
                    case "records" -> records = records(page, token, handler);
                    case "next" -> next = page.getValueAsLong(-1);
                    case "tail" -> tail = page.getValueAsLong(-1);
                    default -> page.skipChildren();
                }
            }
            return new End(records, next, tail);
        }
    }

    private static int records(JsonParser page, JsonToken token, Handler handler) throws IOException {
        expect(JsonToken.START_ARRAY, token);
        var records = 0;
        while (page.nextToken() == JsonToken.START_OBJECT) {
            handler.record(page);
            records++;
        }
        expect(JsonToken.END_ARRAY, page.currentToken());
        return records;
    }

    private static void expect(JsonToken expected, @Nullable JsonToken found) throws IOException {
        if (found != expected) {
            throw new IOException("expected " + expected + " in a page of records, found " + found);
        }
    }
}
