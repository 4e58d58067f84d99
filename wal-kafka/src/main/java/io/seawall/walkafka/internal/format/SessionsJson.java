package io.seawall.walkafka.internal.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.internal.format.WriterSession.Written;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the writer sessions of a snapshot. Each session is one array; they are in the order of their last batches.
 *
 * <pre>
 * ["loader-7",42,1700000000000,7,1040,1000,7,2040,1000]
 *   id         seq timestampMs  term,first,count of each remembered batch, oldest first; the last is that of seq
 * </pre>
 */
final class SessionsJson {
    private SessionsJson() {}

    static void write(JsonGenerator json, List<WriterSession> sessions) throws IOException {
        json.writeStartArray();
        for (var session : sessions) {
            json.writeStartArray();
            json.writeString(session.id());
            json.writeNumber(session.seq());
            json.writeNumber(session.timestampMs());
            for (var batch : session.batches()) {
                json.writeNumber(batch.term());
                json.writeNumber(batch.first());
                json.writeNumber(batch.count());
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    /**
     * Reads what {@link #write} wrote. The parser must be at the start of the outer array.
     *
     * @throws IOException if the text has another form
     */
    static List<WriterSession> read(JsonParser json) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY);
        var sessions = new ArrayList<WriterSession>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.START_ARRAY);
            sessions.add(readSession(json));
        }
        return sessions;
    }

    private static WriterSession readSession(JsonParser json) throws IOException {
        expect(json.nextToken(), JsonToken.VALUE_STRING);
        var id = json.getText();
        var numbers = new ArrayList<Long>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT);
            numbers.add(json.getLongValue());
        }
        if (numbers.size() < 5 || numbers.size() % 3 != 2) {
            throw new IOException("a writer session with " + numbers.size() + " numbers");
        }
        var batches = new ArrayList<Written>(WriterSeq.REMEMBERED);
        for (var at = 2; at < numbers.size(); at += 3) {
            batches.add(new Written(
                    numbers.get(at), numbers.get(at + 1), numbers.get(at + 2).intValue()));
        }
        return new WriterSession(id, numbers.get(0), numbers.get(1), batches);
    }

    private static void expect(@Nullable JsonToken found, JsonToken expected) throws IOException {
        if (found != expected) {
            throw new IOException("writer sessions with " + found + ", expected " + expected);
        }
    }
}
