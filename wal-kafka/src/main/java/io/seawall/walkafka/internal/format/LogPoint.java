package io.seawall.walkafka.internal.format;

import io.seawall.walkafka.internal.format.LiveRule.Position;

/**
 * A point in a log from which a reader can follow its records; a reader keeps it when it moves from one consumer to another. It is
 * never inside a batch.
 *
 * @param offset the next offset to fetch
 * @param position the position of the live rule before the record at that offset
 */
public record LogPoint(long offset, Position position) {
    /** The start of a log that was never trimmed. */
    static final LogPoint BEGINNING = new LogPoint(0, Position.BEGINNING);

    /** Returns the point before a committed record, given its offset and LSN, or at the log's start. */
    public static LogPoint at(long offset, long lsn) {
        return offset == 0 ? BEGINNING : new LogPoint(offset, Position.after(Stamp.NONE, lsn));
    }

    /** Returns the LSN of the next record. */
    public long next() {
        return position.next();
    }
}
