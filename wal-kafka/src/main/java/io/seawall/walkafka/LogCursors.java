package io.seawall.walkafka;

import io.seawall.wal.PChannel;

/** Port: makes cursors. */
@FunctionalInterface
interface LogCursors {
    /** A cursor that has not read anything yet. */
    LogCursor open(PChannel pchannel, LogCursor.Isolation isolation);
}
