package io.seawall.node.access;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the text of an access file: a JSON object on each line, as in {@code {"name":"reports","sha256":"9f86...",
 * "rights":["read:orders-*"],"expires":"2027-01-01T00:00:00Z"}}. In place of {@code sha256} there may be {@code subject}. Empty
 * lines, and lines that begin with {@code #}, mean nothing.
 */
public final class AccessFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_SHOWN = 60;

    private AccessFile() {}

    /**
     * Parses a file.
     *
     * @param file its name, for errors
     * @param content its bytes, in UTF-8
     * @throws WalException with code INVALID, naming the first line that cannot be used
     */
    public static AccessList parse(String file, byte[] content) {
        return new AccessList(entries(file, lines(content)));
    }

    private static List<Entry> entries(String file, List<String> lines) {
        var entries = new ArrayList<Entry>();
        var names = new HashSet<String>();
        var proofs = new HashSet<Entry.Proof>();
        for (var at = 0; at < lines.size(); at++) {
            if (isEntry(lines.get(at))) {
                var line = new Line(file, at + 1);
                var entry = line.parse(lines.get(at));
                if (!names.add(entry.name())) {
                    throw line.wrong("a second entry '" + entry.name() + "'", "a name of its own for each entry");
                }
                if (!proofs.add(entry.proof())) {
                    throw line.wrong("the token or subject of another entry", "one of its own for each entry");
                }
                entries.add(entry);
            }
        }
        return entries;
    }

    private static List<String> lines(byte[] content) {
        return new String(content, StandardCharsets.UTF_8).lines().toList();
    }

    private static boolean isEntry(String line) {
        return !line.isBlank() && !line.stripLeading().startsWith("#");
    }

    /**
     * Returns a file's text with one more entry.
     *
     * @throws WalException with code INVALID if the file cannot be used, or has an entry of that name
     */
    public static byte[] with(String file, byte[] content, Entry entry) {
        if (parse(file, content).entries().stream()
                .anyMatch(other -> other.name().equals(entry.name()))) {
            throw Problem.of(ErrorCode.INVALID, "add '" + entry.name() + "' to " + file)
                    .found("an entry of that name")
                    .expected("a new name")
                    .fix("take another name, or revoke that one first")
                    .exception();
        }
        var lines = new ArrayList<>(lines(content));
        lines.add(line(entry));
        var text = text(lines);
        var unused = parse(file, text); // a name that the file does not allow
        return text;
    }

    /**
     * Returns a file's text without an entry.
     *
     * @throws WalException with code INVALID if the file cannot be used, NOT_FOUND if it has no such entry
     */
    public static byte[] without(String file, byte[] content, String name) {
        if (parse(file, content).entries().stream()
                .noneMatch(other -> other.name().equals(name))) {
            throw Problem.of(ErrorCode.NOT_FOUND, "take '" + shown(name) + "' out of " + file)
                    .found("no entry of that name")
                    .fix("./seawall token ls shows the names")
                    .exception();
        }
        var left = new ArrayList<String>();
        var all = lines(content);
        for (var at = 0; at < all.size(); at++) {
            if (!isEntry(all.get(at))
                    || !new Line(file, at + 1).parse(all.get(at)).name().equals(name)) {
                left.add(all.get(at));
            }
        }
        return text(left);
    }

    private static byte[] text(List<String> lines) {
        return lines.isEmpty() ? new byte[0] : (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String line(Entry entry) {
        var json = JsonStreams.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("name", entry.name());
            if (entry.proof() instanceof Entry.TokenHash token) {
                out.writeStringField("sha256", token.sha256());
            } else if (entry.proof() instanceof Entry.Subject subject) {
                out.writeStringField("subject", subject.name().getName());
            }
            out.writeArrayFieldStart("rights");
            for (var right :
                    new TreeSet<>(entry.rights().stream().map(Right::toString).toList())) {
                out.writeString(right);
            }
            out.writeEndArray();
            if (entry.expires().isPresent()) {
                out.writeStringField("expires", entry.expires().get().toString());
            }
            out.writeEndObject();
        });
        return new String(json, StandardCharsets.UTF_8);
    }

    /** Returns text of a file for people: short, and without what a terminal would obey. */
    static String shown(String text) {
        var cut = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }

    /** The members of an entry as they are read. */
    private static final class Members {
        private @Nullable String name;
        private @Nullable String sha256;
        private @Nullable String subject;
        private @Nullable String expires;
        private @Nullable Set<Right> rights;
    }

    /** One line of a file. Errors name it, and quote nothing that could be a token. */
    private record Line(String file, int number) {
        WalException wrong(String found, String expected) {
            return Problem.of(ErrorCode.INVALID, "use line " + number + " of " + file)
                    .found(found)
                    .expected(expected)
                    .fix("correct the line; ./seawall token create writes lines as they should be")
                    .exception();
        }

        Entry parse(String text) {
            try (var json = JsonStreams.FACTORY.createParser(text)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    throw wrong(
                            "something else than a JSON object", "{\"name\":..., \"sha256\":..., \"rights\":[...]}");
                }
                var members = members(json);
                if (json.nextToken() != null) {
                    throw wrong("more after the JSON object", "one object on each line");
                }
                return entry(members);
            } catch (JsonProcessingException broken) {
                var at = broken.getLocation();
                throw wrong(
                        "malformed JSON" + (at == null ? "" : " at column " + at.getColumnNr()),
                        "one JSON object on each line");
            } catch (IOException e) {
                throw new UncheckedIOException("text in memory does not fail", e);
            }
        }

        private Members members(JsonParser json) throws IOException {
            var members = new Members();
            var seen = new HashSet<String>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var member = json.currentName();
                if (!seen.add(member)) {
                    throw wrong("member '" + shown(member) + "' twice", "each member once");
                }
                var value = json.nextToken();
                switch (member) {
                    case "name" -> members.name = text(json, member, value);
                    case "sha256" -> members.sha256 = text(json, member, value);
                    case "subject" -> members.subject = text(json, member, value);
                    case "expires" -> members.expires = text(json, member, value);
                    case "rights" -> members.rights = rights(json, value);
                    default ->
                        throw wrong("member '" + shown(member) + "'", "only name, sha256, subject, rights and expires");
                }
            }
            return members;
        }

        private String text(JsonParser json, String member, JsonToken value) throws IOException {
            if (value != JsonToken.VALUE_STRING) {
                throw wrong(member + " that is no text", "text in quotes");
            }
            return json.getText();
        }

        private Set<Right> rights(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.START_ARRAY) {
                throw wrong("rights that are no array", "as in [\"read:orders-*\"]");
            }
            var rights = new LinkedHashSet<Right>();
            for (var next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
                try {
                    rights.add(Right.parse(text(json, "a right", next)));
                } catch (WalException wrong) {
                    throw wrong.problem().found() == null || wrong.problem().expected() == null
                            ? wrong
                            : wrong(
                                    "the right " + wrong.problem().found(),
                                    wrong.problem().expected());
                }
            }
            return rights;
        }

        private Entry entry(Members members) {
            var name = members.name;
            if (name == null || !NAME.matcher(name).matches()) {
                throw wrong(
                        name == null ? "no name" : "name '" + shown(name) + "'",
                        "a name of up to 100 letters, digits and ._@-, which begins with a letter or digit");
            }
            var rights = members.rights;
            if (rights == null || rights.isEmpty()) {
                throw wrong("entry '" + name + "' without rights", "at least one, as in [\"read:orders-*\"]");
            }
            return new Entry(name, proof(name, members), rights, expires(name, members));
        }

        private Entry.Proof proof(String name, Members members) {
            var sha256 = members.sha256;
            var subject = members.subject;
            if ((sha256 == null) == (subject == null)) {
                throw wrong(
                        "entry '" + name + "' with " + (sha256 == null ? "neither" : "both") + " sha256 and subject",
                        "one of them");
            }
            if (sha256 != null) {
                if (!SHA256.matcher(sha256).matches()) {
                    throw wrong(
                            "entry '" + name + "' whose sha256 is not 64 digits of lower-case hex",
                            "the SHA-256 of its token, as sha256sum prints it");
                }
                return new Entry.TokenHash(sha256);
            }
            try {
                return new Entry.Subject(new X500Principal(String.valueOf(subject)));
            } catch (IllegalArgumentException e) {
                throw wrong(
                        "entry '" + name + "' with subject '" + shown(String.valueOf(subject)) + "'",
                        "the subject of a certificate, as in CN=reports,O=Example");
            }
        }

        private Optional<Instant> expires(String name, Members members) {
            if (members.expires == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(Instant.parse(members.expires));
            } catch (DateTimeParseException e) {
                throw wrong(
                        "entry '" + name + "' that expires at '" + shown(members.expires) + "'",
                        "a time in UTC, as in 2027-01-01T00:00:00Z");
            }
        }
    }
}
