package io.seawall.walkafka;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the end of a log's committed view shows: back from an offset to a data or snapshot record, or to the log's start.
 *
 * @param start the log's first offset
 * @param end the offset below which was looked, exclusive
 * @param highest the highest stamp found, own claims left out; {@link Stamp#NONE} if there is none
 * @param highestEntry the record that carries it; a claim where there is one
 * @param anchor the last data or snapshot record, or null if there is none
 * @param lastTimestampMs the highest CreateTime seen; 0 if none
 */
record LogWindow(
        long start,
        long end,
        Stamp highest,
        @Nullable LogEntry highestEntry,
        @Nullable LogEntry anchor,
        long lastTimestampMs) {

    /** The next LSN as far as it is committed. */
    long committedTail() {
        if (anchor == null) {
            return 0;
        }
        return anchor.header() instanceof WalHeader.Data data
                ? data.lsn() + 1
                : ((WalHeader.Snapshot) anchorHeader()).lsn();
    }

    /** The offset behind the anchor, or the log's start. */
    long afterAnchor() {
        return anchor == null ? start : anchor.offset() + 1;
    }

    /** Where the rule of the live view stands behind the anchor. */
    LiveRule.Position position() {
        return anchor == null
                ? LiveRule.Position.after(Stamp.NONE, 0)
                : LiveRule.Position.after(anchorHeader().stamp(), committedTail());
    }

    /** Says in words who is behind the highest stamp. */
    String holder() {
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

    private WalHeader anchorHeader() {
        if (anchor == null || anchor.header() == null) {
            throw new IllegalStateException("a window without an anchor has no position of its own");
        }
        return anchor.header();
    }
}
