package io.seawall.node.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.node.access.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** An access file that a test changes, and the guard that reads it. The token of each caller is {@code seawall_<name>}. */
public final class TestAccess {
    public static final Instant START = Instant.parse("2026-12-01T00:00:00Z");

    private final Path file;
    private final Map<String, String> lines = new LinkedHashMap<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicLong nanos = new AtomicLong();
    public final AccessGuard guard;

    /** Creates the file with a caller for everything, and one for each single action on {@code orders}. */
    public TestAccess(Path folder) {
        file = folder.resolve("access.jsonl");
        set("root", "append:*", "read:*", "trim:*", "admin:*");
        set("writer", "append:orders");
        set("reader", "read:orders");
        set("trimmer", "trim:orders");
        set("operator", "admin:orders");
        set("stranger", "append:others", "read:others", "trim:others", "admin:others");
        guard = AccessGuard.load(file, now::get, nanos::get);
    }

    public static String token(String name) {
        return "seawall_" + name;
    }

    public static String bearer(String name) {
        return "Bearer " + token(name);
    }

    private TestAccess line(String name, String proof, String expires, String... rights) {
        lines.put(
                name,
                "{\"name\":\"" + name + "\"," + proof + ",\"rights\":[\"" + String.join("\",\"", rights) + "\"]"
                        + expires + "}\n");
        write(String.join("", lines.values()));
        return this;
    }

    private static String hash(String name) {
        return "\"sha256\":\"" + HexFormat.of().formatHex(Token.sha256(token(name))) + "\"";
    }

    /** Adds or replaces a caller with a token. */
    public TestAccess set(String name, String... rights) {
        return line(name, hash(name), "", rights);
    }

    /** Adds or replaces a caller whose token expires after a time from the start. */
    public TestAccess setUntil(Duration end, String name, String... rights) {
        return line(name, hash(name), ",\"expires\":\"" + START.plus(end) + "\"", rights);
    }

    /** Adds a caller with a certificate. */
    public TestAccess setSubject(String name, String subject, String... rights) {
        return line(name, "\"subject\":\"" + subject + "\"", "", rights);
    }

    public TestAccess revoke(String name) {
        lines.remove(name);
        write(String.join("", lines.values()));
        return this;
    }

    public void write(String text) {
        try {
            Files.writeString(file, text, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the guard read the file. */
    public TestAccess reload() {
        guard.check();
        return this;
    }

    /** Advances the time of day, and the monotonic clock. */
    public void pass(Duration time) {
        now.updateAndGet(at -> at.plus(time));
        nanos.addAndGet(time.toNanos());
    }
}
