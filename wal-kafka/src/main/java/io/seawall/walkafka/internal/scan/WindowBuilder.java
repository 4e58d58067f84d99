package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeader.Kind;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds a window from the records of a range of the committed view, in order. Skips records that no owner wrote, as far as their
 * stamps and numbers show it ({@link GrowthCheck}).
 */
final class WindowBuilder {
    private final long start;
    private final long from;
    private final Set<String> ownNonces;
    private final Owners.Known known;
    private final GrowthCheck growth = new GrowthCheck();
    private Stamp highest = Stamp.NONE;
    private @Nullable LogEntry highestEntry;
    private @Nullable LogEntry anchor;
    private @Nullable LogEntry base;
    private long lastTimestampMs;
    private long snapshotOffset = -1;

    WindowBuilder(long start, long from, Set<String> ownNonces, Owners.Known known) {
        this.start = start;
        this.from = from;
        this.ownNonces = new HashSet<>(ownNonces);
        this.known = known;
    }

    void add(LogEntry entry) {
        var header = entry.header();
        if (header == null || known.disowns(entry) || !growth.accepts(header)) {
            return;
        }
        lastTimestampMs = Math.max(lastTimestampMs, entry.timestampMs());
        snapshotOffset = Math.max(snapshotOffset, snapshotNamedBy(entry, header.kind()));
        if (header.kind() == Kind.DATA || header.kind() == Kind.SNAPSHOT) {
            anchor = entry;
            base = header instanceof WalHeader.Data data && data.copy() ? base : entry;
        }
        if (header.kind() == Kind.CLAIM && isOwn(entry)) {
            return;
        }
        var order = header.stamp().compareTo(highest);
        if (order > 0 || (order == 0 && header.kind() == Kind.CLAIM)) {
            highest = header.stamp();
            highestEntry = entry;
        }
    }

    private static long snapshotNamedBy(LogEntry entry, Kind kind) {
        return switch (kind) {
            case SNAPSHOT -> entry.offset();
            case LEASE -> ControlBody.read(entry.data().value()).number("snapshotOffset", -1);
            case DATA, CLAIM -> -1;
        };
    }

    private boolean isOwn(LogEntry claim) {
        var nonce = claim.nonce();
        return nonce != null && ownNonces.contains(nonce);
    }

    /** Returns whether the range reaches back to the window's base, or to the log's start. */
    boolean isComplete() {
        return (base != null && !growth.isUnsure()) || from <= start;
    }

    LogWindow build(long end) {
        return new LogWindow(start, end, highest, highestEntry, anchor, base, lastTimestampMs, snapshotOffset);
    }
}
