package io.seawall.walkafka;

import io.seawall.walkafka.WalHeader.Data;

/** Feeds a table of writer sessions with the records of a log, each one once and in order. */
final class SessionReplay {
    private final WriterSessions sessions;
    private int members; // of the batch that is coming in

    SessionReplay(WriterSessions sessions) {
        this.sessions = sessions;
    }

    /** Takes the next record; what is no data is passed over. */
    void take(LogEntry entry) {
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

    /** The table behind the last whole batch. */
    WriterSessions sessions() {
        return sessions;
    }
}
