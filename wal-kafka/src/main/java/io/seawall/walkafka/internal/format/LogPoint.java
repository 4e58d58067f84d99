package io.seawall.walkafka.internal.format;

import io.seawall.walkafka.internal.format.LiveRule.Position;

/**
 * A place in a log from which its records can be followed: what a reader carries when it moves from one consumer to another.
 * No batch is in the middle of it, as a reader that has taken a part of a batch has taken all of it.
 *
 * @param offset where to fetch next
 * @param position where the rule of the live view stands before that record
 */
public record LogPoint(long offset, Position position) {
    /** The start of a log that was never trimmed. */
    static final LogPoint BEGINNING = new LogPoint(0, Position.BEGINNING);

    /** The place at a committed record, which must have this LSN, or at the log's start. */
    public static LogPoint at(long offset, long lsn) {
        return offset == 0 ? BEGINNING : new LogPoint(offset, Position.after(Stamp.NONE, lsn));
    }

    /** The LSN of the next record. */
    public long next() {
        return position.next();
    }
}
