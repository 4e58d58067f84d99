package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LiveRule;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a log's committed view that ends at a given offset (docs/protocol.md#window). It reaches back to its base: the last
 * data or snapshot record that is not a copy, or the log's start. A copy cannot be the base: an owner that died between two
 * transactions of its republication left committed copies, and records that it still had to write again are below them.
 *
 * @param start the log's first offset
 * @param end where the window ends, exclusive
 * @param highest the highest stamp in the window, own claims left out; {@link Stamp#NONE} if there is none
 * @param highestEntry the record that carries this stamp, a claim if there is one; null if there is no record
 * @param anchor the last data or snapshot record; null if there is none
 * @param base the last data or snapshot record that is not a copy: the live view is complete behind it; null if there is none
 * @param lastTimestampMs the highest CreateTime in the window, in milliseconds since the epoch; 0 if there is none
 * @param snapshotOffset the offset of a committed snapshot, the last one or an earlier one, as the window's records show or name
 *     it; -1 if they do not
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

    /** Returns the same window with another anchor and another base. */
    LogWindow with(@Nullable LogEntry otherAnchor, @Nullable LogEntry otherBase) {
        return new LogWindow(
                start, end, highest, highestEntry, otherAnchor, otherBase, lastTimestampMs, snapshotOffset);
    }

    /** Returns the LSN after the last committed record. */
    public long committedTail() {
        return tailBehind(anchor);
    }

    /** Returns the offset of the base, or the log's start if there is no base. */
    public long baseOffset() {
        return base == null ? start : base.offset();
    }

    /** Returns the offset after the base, or the log's start if there is no base. */
    public long afterBase() {
        return base == null ? start : base.offset() + 1;
    }

    /** Returns the position of the live rule after the base. */
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

    /** Describes the record with the highest stamp and its author, for error messages. */
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
