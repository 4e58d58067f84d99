package io.seawall.walkafka.internal.format;

import io.seawall.walkafka.internal.format.WalHeader.Data;

/** Adds the batches of a log to a table of writer sessions. Takes each record once, in order. */
public final class SessionReplay {
    private final WriterSessions sessions;
    private int members; // records of the current batch so far

    public SessionReplay(WriterSessions sessions) {
        this.sessions = sessions;
    }

    /** Takes the next record. Ignores records that are not data. */
    public void take(LogEntry entry) {
        if (!(entry.header() instanceof Data data)) {
            return;
        }
        members++;
        if (data.more() > 0) {
            return;
        }
        var writer = WalHeaderCodec.readWriter(entry.writer());
        if (writer != null) {
            var first = data.lsn() - members + 1;
            sessions.replay(new SessionBatch(writer, data.firstTerm(), first, members, entry.timestampMs()));
        }
        members = 0;
    }

    /** Returns the table after the last whole batch. */
    public WriterSessions sessions() {
        return sessions;
    }
}
