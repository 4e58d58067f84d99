package io.seawall.walkafka;

import io.seawall.wal.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the names of a user's headers must be to be written. */
final class HeaderNames {
    private HeaderNames() {}

    /**
     * Why a record is refused.
     *
     * @param found what it has
     * @param expected the rule
     */
    record Broken(String found, String expected) {}

    /** The first rule that a name breaks, or null. */
    static @Nullable Broken check(List<Header> headers) {
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
