package io.seawall.walkafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON values of claims, leases and snapshots: flat objects whose members are strings and whole numbers, and in
 * snapshots the writer sessions. Members that this version does not know are passed over; a higher format version is not.
 */
final class ControlBody {
    /** The version that this code writes, and the highest that it reads. */
    static final long FORMAT = 1;

    private static final String SESSIONS = "writers";
    private static final String STORE = "store";
    private static final String UNFINISHED = "restoring";
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Object> members;

    private ControlBody(Map<String, Object> members) {
        this.members = members;
    }

    /**
     * What stands in a claim.
     *
     * @param author who claims
     * @param nonce random, different at each attempt
     * @param timeMs when, in milliseconds since the epoch by the claimant's clock
     * @param topicId Kafka's id of the topic, so that a topic that was created again is noticed
     */
    record Claim(Author author, String nonce, long timeMs, String topicId) {
        byte[] toBytes() {
            var body = author.members(nonce);
            body.put("timeMs", timeMs);
            body.put("topicId", topicId);
            return write(body);
        }
    }

    /**
     * What stands in a snapshot, but for its writer sessions.
     *
     * @param author who writes it
     * @param nonce of the opening, or the instance
     * @param oldest the oldest LSN
     * @param storeId the store that the log's segments are in, or null
     * @param unfinished whether a restore goes on behind it: such a log is not to be opened
     */
    record Snapshot(
            Author author,
            String nonce,
            long oldest,
            @Nullable String storeId,
            boolean unfinished) {
        /** One of a log that is bound to no store. */
        Snapshot(Author author, String nonce, long oldest) {
            this(author, nonce, oldest, null, false);
        }

        byte[] toBytes(List<WriterSession> sessions) {
            var body = author.members(nonce);
            body.put("oldest", oldest);
            if (storeId != null) {
                body.put(STORE, storeId);
            }
            if (unfinished) {
                body.put(UNFINISHED, 1L);
            }
            return write(body, sessions);
        }
    }

    static byte[] lease(long snapshotOffset) {
        var body = new LinkedHashMap<String, Object>();
        body.put("format", FORMAT);
        body.put("snapshotOffset", snapshotOffset);
        return write(body);
    }

    /** Reads a body; what is not a flat JSON object counts as one without members. */
    static ControlBody read(byte @Nullable [] bytes) {
        var members = new LinkedHashMap<String, Object>();
        try (var parser = JSON.createParser(bytes == null ? new byte[0] : bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new ControlBody(members);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                var token = parser.nextToken();
                if (token == JsonToken.VALUE_STRING) {
                    members.put(name, parser.getText());
                } else if (token == JsonToken.VALUE_NUMBER_INT) {
                    members.put(name, parser.getLongValue());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException unreadable) {
            return new ControlBody(Map.of("unreadable", Objects.toString(unreadable.getMessage(), "")));
        }
        return new ControlBody(members);
    }

    /** The segment store that a snapshot names, or null. */
    @Nullable
    String storeId() {
        return text(STORE);
    }

    /** Whether a restore was to go on behind this snapshot. */
    boolean isUnfinished() {
        return number(UNFINISHED, 0) != 0;
    }

    @Nullable
    String text(String name) {
        return members.get(name) instanceof String text ? text : null;
    }

    long number(String name, long otherwise) {
        return members.get(name) instanceof Long number ? number : otherwise;
    }

    /**
     * The writer sessions in a snapshot's body; none if it names none.
     *
     * @throws IOException if the body cannot be read: what it says of sessions would be lost
     */
    static List<WriterSession> sessions(byte @Nullable [] snapshot) throws IOException {
        try (var parser = JSON.createParser(snapshot == null ? new byte[0] : snapshot)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("a snapshot that is no JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                if (name.equals(SESSIONS)) {
                    return SessionsJson.read(parser);
                }
                parser.skipChildren();
            }
            return List.of();
        }
    }

    private static byte[] write(Map<String, Object> members) {
        return write(members, List.of());
    }

    private static byte[] write(Map<String, Object> members, List<WriterSession> sessions) {
        var out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (var member : members.entrySet()) {
                if (member.getValue() instanceof Long number) {
                    json.writeNumberField(member.getKey(), number);
                } else {
                    json.writeStringField(member.getKey(), (String) member.getValue());
                }
            }
            if (!sessions.isEmpty()) {
                json.writeFieldName(SESSIONS);
                SessionsJson.write(json, sessions);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /**
     * Who writes control records.
     *
     * @param node the node's id
     * @param instance the node's id and a random part, different for each opened log
     * @param url where the node answers HTTP, or null
     */
    record Author(String node, String instance, @Nullable String url) {
        private Map<String, Object> members(String nonce) {
            var members = new LinkedHashMap<String, Object>();
            members.put("format", FORMAT);
            members.put("owner", node);
            members.put("instance", instance);
            members.put("nonce", nonce);
            if (url != null) {
                members.put("url", url);
            }
            return members;
        }
    }
}
