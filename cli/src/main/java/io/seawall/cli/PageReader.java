package io.seawall.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads pages of records as they arrive, one record in memory at a time. */
final class PageReader {
    private PageReader() {}

    /** Takes the records of a page in turn. */
    interface Handler {
        /** Takes the record that the parser is at the start of, up to its end. */
        void record(JsonParser page) throws IOException;
    }

    /**
     * What follows the records.
     *
     * @param records how many there were
     * @param next the LSN at which the next page starts, -1 if not said
     * @param tail the tail as the node knew it, -1 if not said
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
