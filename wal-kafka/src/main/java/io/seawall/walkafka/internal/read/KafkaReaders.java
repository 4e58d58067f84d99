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

/** Opens readers, whose cursors run on the caller's thread. */
public final class KafkaReaders implements WalReaders {
    private final Dependencies means;
    private final TailRings rings = new TailRings();
    private final Set<KafkaWalReader> open = ConcurrentHashMap.newKeySet();

    /**
     * Readers.
     *
     * @param indexes what is known of where records are; shared with the logs that are open for writing
     * @param owners what those know of their own records
     */
    public KafkaReaders(LogCursors cursors, TopicAdmin topics, Time time, LsnIndexes indexes, Owners owners) {
        this.means = new Dependencies(cursors, topics, time, indexes, owners, new SkippedRecordCounters());
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        var log = LogAccess.to(pchannel, means);
        return log.stable(() -> {
            var reader = new ReaderOpening(log, view, rings, open::remove).at(from);
            open.add(reader);
            return reader;
        });
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        var log = LogAccess.to(pchannel, means);
        return log.stable(() -> log.bounds(view));
    }

    @Override
    public String logId(PChannel pchannel) {
        return LogAccess.to(pchannel, means).topicId();
    }

    /**
     * Looks what the oldest record of a log is, unless that is known of a log that begins where this one does. The owner of the log
     * in this process is told.
     *
     * @param start the log's first offset
     */
    public void lookAtStart(PChannel pchannel, long start) {
        if (start > 0 && !means.indexes().knowsStart(pchannel, start)) {
            bounds(pchannel, View.COMMITTED);
        }
    }

    /** What readers passed over and share at present. */
    public ReaderStats stats() {
        var counts = means.counts();
        return new ReaderStats(open.size(), rings.size(), counts.foreign(), counts.voids(), counts.forgeries());
    }

    @Override
    public void close() {
        new ArrayList<>(open).forEach(KafkaWalReader::close);
    }
}
