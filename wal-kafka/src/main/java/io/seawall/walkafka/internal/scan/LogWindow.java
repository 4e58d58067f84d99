package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LiveRule;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the end of a log's committed view shows: back from an offset to a data or snapshot record that is no copy, or to the log's
 * start. Copies do not end it: an owner that died between two transactions of its republication left the first ones committed,
 * and what it had still to write again stands below them.
 *
 * @param start the log's first offset
 * @param end the offset below which was looked, exclusive
 * @param highest the highest stamp found, own claims left out; {@link Stamp#NONE} if there is none
 * @param highestEntry the record that carries it; a claim where there is one
 * @param anchor the last data or snapshot record, or null if there is none
 * @param base the last of them that is no copy, from which the live view is complete; or null if there is none
 * @param lastTimestampMs the highest CreateTime seen; 0 if none
 * @param snapshotOffset where a committed snapshot is, the last one or one before it: the last that was seen or that a lease
 *     names; -1 if there was neither
 */
public record LogWindow(
        long start,
        long end,
        Stamp highest,
        @Nullable LogEntry highestEntry,
        @Nullable LogEntry anchor,
        @Nullable LogEntry base,
        long lastTimestampMs,
        long snapshotOffset) {

    /** The same window, with another anchor and another base. */
    LogWindow behind(@Nullable LogEntry otherAnchor, @Nullable LogEntry otherBase) {
        return new LogWindow(
                start, end, highest, highestEntry, otherAnchor, otherBase, lastTimestampMs, snapshotOffset);
    }

    /** The next LSN as far as it is committed. */
    public long committedTail() {
        return tailBehind(anchor);
    }

    /** The offset of the base, or the log's start. */
    public long baseOffset() {
        return base == null ? start : base.offset();
    }

    /** The offset behind the base, or the log's start. */
    public long afterBase() {
        return base == null ? start : base.offset() + 1;
    }

    /** Where the rule of the live view stands behind the base. */
    public LiveRule.Position position() {
        return base == null || base.header() == null
                ? LiveRule.Position.BEGINNING
                : LiveRule.Position.after(base.header().stamp(), tailBehind(base));
    }

    private static long tailBehind(@Nullable LogEntry entry) {
        if (entry == null) {
            return 0;
        }
        return entry.header() instanceof WalHeader.Data ? entry.lsn() + 1 : entry.lsn();
    }

    /** Says in words who is behind the highest stamp. */
    public String holder() {
        if (highestEntry == null || highestEntry.header() == null) {
            return "nobody";
        }
        var body = ControlBody.read(highestEntry.data().value());
        var isControl = highestEntry.header().kind() != WalHeader.Kind.DATA;
        var owner = isControl ? body.text("owner") : null;
        var url = isControl ? body.text("url") : null;
        var kind = isControl ? highestEntry.header().kind().name().toLowerCase(Locale.ROOT) : "record";
        return "a " + kind + " of term " + highest.term()
                + (owner == null ? "" : " by node " + owner)
                + (url == null ? "" : " at " + url);
    }
}
