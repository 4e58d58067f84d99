package io.seawall.walkafka.port;

import io.seawall.wal.PChannel;

/** Port: creates cursors. */
@FunctionalInterface
public interface LogCursors {
    /** Creates a cursor, which the caller closes. */
    LogCursor open(PChannel pchannel, LogCursor.Isolation isolation);
}
