package io.seawall.walkafka.internal.write;

import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.open.OpenedLog;

/** The numbers of an opened log that any thread may read. Written on the mailbox only; none of them goes back. */
final class PublishedState {
    private volatile Stamp stamp;
    private volatile long tail;
    private volatile long oldest;
    private volatile long committed;

    PublishedState(OpenedLog log) {
        this.stamp = log.stamp();
        this.tail = log.tail();
        this.oldest = log.oldest();
        this.committed = log.tail();
    }

    /** Returns the term and the epoch of the current writer. */
    Stamp stamp() {
        return stamp;
    }

    long term() {
        return stamp.term();
    }

    /** Returns the LSN after the last record that the log is known to keep. */
    long tail() {
        return tail;
    }

    /** Returns the oldest LSN that the owner knows of. */
    long oldest() {
        return oldest;
    }

    /** Returns the LSN below which everything is committed. */
    long committed() {
        return committed;
    }

    /** Notes that the log was taken back, with a new stamp. */
    void takenBack(OpenedLog log) {
        stamp = log.stamp();
        oldestIs(log.oldest());
    }

    void tailIs(long lsn) {
        tail = Math.max(tail, lsn);
    }

    void oldestIs(long lsn) {
        oldest = Math.max(oldest, lsn);
    }

    void committedBelow(long lsn) {
        committed = Math.max(committed, lsn);
        tailIs(committed);
    }
}
