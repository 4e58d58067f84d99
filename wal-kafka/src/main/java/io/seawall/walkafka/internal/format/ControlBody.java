package io.seawall.walkafka.internal.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON value of a claim, lease or snapshot: a flat object whose members are strings and whole numbers; a snapshot also has
 * the array of writer sessions. Readers ignore unknown members, but refuse a higher format version ({@link Formats}).
 */
public final class ControlBody {
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
     * The body of a claim.
     *
     * @param author the claimant
     * @param nonce a random text, different for each attempt
     * @param timeMs the time of the claim by the claimant's clock, in milliseconds since the epoch
     * @param topicId Kafka's id of the topic, which shows whether the topic was created again
     */
    public record Claim(Author author, String nonce, long timeMs, String topicId) {
        public byte[] toBytes() {
            var body = author.members(nonce);
            body.put("timeMs", timeMs);
            body.put("topicId", topicId);
            return write(body);
        }
    }

    /**
     * The body of a snapshot, without its writer sessions.
     *
     * @param author the writer
     * @param nonce the nonce of the opening, or the author's instance
     * @param oldest the oldest LSN of the log
     * @param storeId the store that holds the log's segments, or null
     * @param unfinished whether a restore still writes records after it; such a log must not be opened
     */
    public record Snapshot(
            Author author,
            String nonce,
            long oldest,
            @Nullable String storeId,
            boolean unfinished) {
        /** Creates the body for a log that is not bound to a store. */
        public Snapshot(Author author, String nonce, long oldest) {
            this(author, nonce, oldest, null, false);
        }

        public byte[] toBytes(List<WriterSession> sessions) {
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

    public static byte[] lease(long snapshotOffset) {
        var body = new LinkedHashMap<String, Object>();
        body.put("format", FORMAT);
        body.put("snapshotOffset", snapshotOffset);
        return write(body);
    }

    /** Reads a body. Bytes that are no JSON object give a body without members. */
    public static ControlBody read(byte @Nullable [] bytes) {
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
            return new ControlBody(Map.of());
        }
        return new ControlBody(members);
    }

    /** Returns the segment store that a snapshot names, or null. */
    @Nullable
    public String storeId() {
        return text(STORE);
    }

    /** Returns whether this snapshot marks a restore that may be unfinished. */
    public boolean isUnfinished() {
        return number(UNFINISHED, 0) != 0;
    }

    @Nullable
    public String text(String name) {
        return members.get(name) instanceof String text ? text : null;
    }

    public long number(String name, long otherwise) {
        return members.get(name) instanceof Long number ? number : otherwise;
    }

    /**
     * Reads the writer sessions from a snapshot's body.
     *
     * @return the sessions; empty if the body has no such member
     * @throws IOException if the body cannot be parsed, since its sessions would be lost
     */
    public static List<WriterSession> sessions(byte @Nullable [] snapshot) throws IOException {
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
     * The writer of control records.
     *
     * @param node the node's id
     * @param instance the node's id and a random part, different for each opened log
     * @param url the node's HTTP address, or null
     */
    public record Author(
            String node, String instance, @Nullable String url) {
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
