package io.seawall.node.segments;

import java.time.Instant;
import java.util.Locale;

/**
 * Something that a dead process left and nobody needs.
 *
 * @param path the file or folder
 * @param kind what it was: temporary, probe or spool
 * @param bytes how long its files are
 * @param modified when one of them was written last
 */
public record Orphan(String path, String kind, long bytes, Instant modified) {
    static Orphan of(io.seawall.flusher.Leftovers.Leftover found) {
        return new Orphan(
                found.path().toString(), found.kind().name().toLowerCase(Locale.ROOT), found.bytes(), found.modified());
    }
}
