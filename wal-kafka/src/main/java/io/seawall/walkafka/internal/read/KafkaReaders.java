package io.seawall.walkafka.internal.read;

import io.seawall.wal.LogBounds;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import io.seawall.walkafka.admin.ReaderStats;
import io.seawall.walkafka.internal.read.LogAccess.Dependencies;
import io.seawall.walkafka.internal.scan.LsnIndexes;
import io.seawall.walkafka.internal.scan.Owners;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.port.TopicAdmin;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Opens readers and keeps what they share. Thread-safe; the cursors run on the caller's thread. */
public final class KafkaReaders implements WalReaders {
    private final Dependencies dependencies;
    private final TailRings rings = new TailRings();
    private final Set<KafkaWalReader> open = ConcurrentHashMap.newKeySet();

    /**
     * Creates an empty set of readers.
     *
     * @param indexes the positions of records that searches found; shared with the logs that are open for writing
     * @param owners what these logs know of their own records
     */
    public KafkaReaders(LogCursors cursors, TopicAdmin topics, Time time, LsnIndexes indexes, Owners owners) {
        this.dependencies = new Dependencies(cursors, topics, time, indexes, owners, new SkippedRecordCounters());
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        var log = LogAccess.to(pchannel, dependencies);
        return log.stable(() -> {
            var reader = new ReaderOpening(log, view, rings, open::remove).at(from);
            open.add(reader);
            return reader;
        });
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        var log = LogAccess.to(pchannel, dependencies);
        return log.stable(() -> log.bounds(view));
    }

    @Override
    public String logId(PChannel pchannel) {
        return LogAccess.to(pchannel, dependencies).topicId();
    }

    /**
     * Finds the oldest record of a log and adds it to the shared index, where the log's owner in this process finds it. Does
     * nothing if the index already has the oldest record of a log with this start.
     *
     * @param start the log's first offset
     */
    public void findOldest(PChannel pchannel, long start) {
        if (start > 0 && !dependencies.indexes().knowsStart(pchannel, start)) {
            bounds(pchannel, View.COMMITTED);
        }
    }

    /** Returns how many readers and shared consumers are open, and how many records readers have skipped. */
    public ReaderStats stats() {
        var counts = dependencies.counts();
        return new ReaderStats(open.size(), rings.size(), counts.foreign(), counts.voids(), counts.forgeries());
    }

    @Override
    public void close() {
        new ArrayList<>(open).forEach(KafkaWalReader::close);
    }
}
