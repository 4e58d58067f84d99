package io.seawall.node.segments;

import io.seawall.flusher.Leftovers;
import java.time.Instant;
import java.util.Locale;

/**
 * A file or folder that a dead process left and that nothing needs.
 *
 * @param path the file or folder
 * @param kind temporary, probe or spool
 * @param bytes the total length of its files
 * @param modified when one of its files was last written
 */
public record Orphan(String path, String kind, long bytes, Instant modified) {
    static Orphan of(Leftovers.Leftover found) {
        return new Orphan(
                found.path().toString(), found.kind().name().toLowerCase(Locale.ROOT), found.bytes(), found.modified());
    }
}
