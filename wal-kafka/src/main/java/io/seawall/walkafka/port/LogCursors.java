package io.seawall.walkafka.port;

import io.seawall.wal.PChannel;

/** Port: makes cursors. */
@FunctionalInterface
public interface LogCursors {
    /** A cursor that has not read anything yet. */
    LogCursor open(PChannel pchannel, LogCursor.Isolation isolation);
}
