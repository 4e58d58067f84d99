package io.seawall.node.http;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReaders;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the reader of a page for the next one, as opening a reader in Kafka costs far more than reading with it. Bounded in
 * number and idle time. Usable from any thread; readers are opened and closed outside the lock.
 */
final class ReaderPool implements AutoCloseable {
    private final WalReaders readers;
    private final Clock clock;

    /** Guarded by itself; in the order of giving back. */
    private final LinkedHashMap<Key, Idle> idle = new LinkedHashMap<>();

    private final Set<LogCursor> busy = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by close, read by everybody

    private record Key(PChannel pchannel, View view, long nextLsn) {}

    private record Idle(LogCursor cursor, long untilMs) {}

    ReaderPool(WalReaders readers, Clock clock, NodeMetrics metrics) {
        this.readers = readers;
        this.clock = clock;
        metrics.gauge("seawall.readers.busy", "readers that serve a request", busy::size);
        metrics.gauge("seawall.readers.idle", "readers kept for the next page", this::idleCount);
    }

    /** A cursor at a position, kept or new; to be given back or dropped. May block. */
    LogCursor take(PChannel pchannel, StartPosition from, View view) {
        refuseIfClosed(pchannel);
        if (from instanceof StartPosition.AtLsn at) {
            synchronized (idle) {
                var kept = idle.remove(new Key(pchannel, view, at.lsn()));
                if (kept != null) {
                    busy.add(kept.cursor());
                    return kept.cursor();
                }
            }
        }
        var cursor = new LogCursor(readers, readers.open(pchannel, from, view), view, clock);
        busy.add(cursor);
        if (closed) { // since the look above: close() may have missed this one
            drop(cursor);
            refuseIfClosed(pchannel);
        }
        return cursor;
    }

    private void refuseIfClosed(PChannel pchannel) {
        if (closed) {
            throw Problem.of(ErrorCode.SHUTTING_DOWN, "read " + pchannel)
                    .pchannel(pchannel)
                    .exception();
        }
    }

    /** Keeps a cursor for whoever reads on. */
    void give(LogCursor cursor) {
        busy.remove(cursor);
        var key = new Key(cursor.pchannel(), cursor.view(), cursor.nextLsn());
        var untilMs = clock.millis() + HttpLimits.IDLE_READER.toMillis();
        var surplus = new ArrayList<LogCursor>();
        synchronized (idle) {
            if (closed || idle.containsKey(key)) {
                surplus.add(cursor);
            } else {
                idle.put(key, new Idle(cursor, untilMs));
            }
            if (idle.size() > HttpLimits.IDLE_READERS) {
                var oldest = idle.values().iterator();
                surplus.add(oldest.next().cursor());
                oldest.remove();
            }
        }
        surplus.forEach(LogCursor::close);
    }

    /** Closes a cursor that failed, or that nobody will read on. */
    void drop(LogCursor cursor) {
        busy.remove(cursor);
        cursor.close();
    }

    /** Closes the cursors that nobody came back for. To be called about once a second. */
    void sweep() {
        var nowMs = clock.millis();
        var expired = new ArrayList<LogCursor>();
        synchronized (idle) {
            idle.values().removeIf(kept -> kept.untilMs() <= nowMs && expired.add(kept.cursor()));
        }
        expired.forEach(LogCursor::close);
    }

    private int idleCount() {
        synchronized (idle) {
            return idle.size();
        }
    }

    /** Closes every cursor, those at work too: their polls end. */
    @Override
    public void close() {
        closed = true;
        List<LogCursor> all;
        synchronized (idle) {
            all = new ArrayList<>(idle.values().stream().map(Idle::cursor).toList());
            idle.clear();
        }
        all.addAll(busy);
        all.forEach(LogCursor::close);
    }
}
