package io.seawall.walkafka.port;

import io.seawall.wal.PChannel;

/** Port: creates cursors. */
@FunctionalInterface
public interface LogCursors {
    /** Creates a cursor that has not read anything yet. */
    LogCursor open(PChannel pchannel, LogCursor.Isolation isolation);
}
