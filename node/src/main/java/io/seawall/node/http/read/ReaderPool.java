package io.seawall.node.http.read;

import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Keeps the reader of a page for the next one, because opening a reader in Kafka costs far more than reading with it. The
 * number of idle readers and their idle time are limited. Thread-safe; readers are opened and closed outside the lock.
 */
public final class ReaderPool implements AutoCloseable {
    private final WalReaders readers;
    private final LongSupplier nanoTime;

    /** Guarded by itself; ordered by when the cursors were given back. */
    private final LinkedHashMap<Key, Idle> idle = new LinkedHashMap<>();

    private final Set<LookaheadReader> busy = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by close, read by any thread

    private record Key(PChannel pchannel, View view, long nextLsn) {}

    private record Idle(LookaheadReader cursor, long sinceNanos) {}

    public ReaderPool(WalReaders readers, LongSupplier nanoTime, NodeMetrics metrics) {
        this.readers = readers;
        this.nanoTime = nanoTime;
        metrics.gauge("seawall.readers.busy", "readers that serve a request", busy::size);
        metrics.gauge("seawall.readers.idle", "readers kept for the next page", this::idleCount);
    }

    /** Returns a cursor at a position, kept or new. The caller must give it back or drop it. May block. */
    LookaheadReader take(PChannel pchannel, StartPosition from, View view) {
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
        var cursor = new LookaheadReader(readers, readers.open(pchannel, from, view), view, nanoTime);
        busy.add(cursor);
        if (closed) { // closed since the check above: close() may have missed this cursor
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

    /** Keeps a cursor for the next read at its position. */
    void give(LookaheadReader cursor) {
        busy.remove(cursor);
        var key = new Key(cursor.pchannel(), cursor.view(), cursor.nextLsn());
        var surplus = new ArrayList<LookaheadReader>();
        synchronized (idle) {
            if (closed || idle.containsKey(key)) {
                surplus.add(cursor);
            } else {
                idle.put(key, new Idle(cursor, nanoTime.getAsLong()));
            }
            if (idle.size() > HttpLimits.IDLE_READERS) {
                var oldest = idle.values().iterator();
                surplus.add(oldest.next().cursor());
                oldest.remove();
            }
        }
        surplus.forEach(LookaheadReader::close);
    }

    /** Closes a cursor that failed, or that will not be used again. */
    void drop(LookaheadReader cursor) {
        busy.remove(cursor);
        cursor.close();
    }

    /** Closes cursors that were idle for too long. Called about once per second. */
    public void sweep() {
        var nowNanos = nanoTime.getAsLong();
        var expired = new ArrayList<LookaheadReader>();
        synchronized (idle) {
            idle.values()
                    .removeIf(kept -> nowNanos - kept.sinceNanos() >= HttpLimits.IDLE_READER.toNanos()
                            && expired.add(kept.cursor()));
        }
        expired.forEach(LookaheadReader::close);
    }

    private int idleCount() {
        synchronized (idle) {
            return idle.size();
        }
    }

    /** Closes every cursor, including busy ones, whose polls then end. */
    @Override
    public void close() {
        closed = true;
        List<LookaheadReader> all;
        synchronized (idle) {
            all = new ArrayList<>(idle.values().stream().map(Idle::cursor).toList());
            idle.clear();
        }
        all.addAll(busy);
        all.forEach(LookaheadReader::close);
    }
}
