package io.seawall.walkafka.internal.format;

import io.seawall.wal.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the names of users' headers. */
public final class HeaderNames {
    private HeaderNames() {}

    /**
     * A broken rule.
     *
     * @param found the header that breaks it
     * @param expected the rule
     */
    public record Broken(String found, String expected) {}

    /** Returns the first rule that a name breaks, or null. */
    public static @Nullable Broken check(List<Header> headers) {
        for (var header : headers) {
            if (header.isReserved()) {
                return new Broken(
                        "header '" + header.key() + "'",
                        "names other than 'wal' and 'wal-...', which are Seawall's own");
            }
            if (!header.isEncodable()) {
                return new Broken(
                        "half of a surrogate pair in the name of a header", "a name that can be written as UTF-8");
            }
        }
        return null;
    }
}
