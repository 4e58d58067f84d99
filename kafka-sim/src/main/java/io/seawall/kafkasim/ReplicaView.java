package io.seawall.kafkasim;

import io.seawall.walkafka.port.LaneProducer.Outgoing;
import io.seawall.walkafka.port.LogCursor.Fetched;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.LogCursor.Range;
import io.seawall.walkafka.port.LogCursor.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A replica as consumers see it at one moment.
 *
 * @param batches its log
 * @param start the first offset that is still there
 * @param logEnd where its log ends
 * @param highWatermark below this every in-sync replica has everything
 * @param lastStable below this every transaction is final
 * @param epochStart the log's end when this replica became leader
 */
record ReplicaView(
        List<LogBatch> batches, long start, long logEnd, long highWatermark, long lastStable, long epochStart) {
    /** Returns the view of a replica that learns nothing new: it never serves records above its high watermark. */
    ReplicaView frozen() {
        return new ReplicaView(
                List.copyOf(batches.subList(0, firstIndex(highWatermark))),
                start,
                logEnd,
                highWatermark,
                lastStable,
                epochStart);
    }

    /**
     * Returns where the log ends; null until the high watermark has reached the start of the leader's own epoch, because it may
     * still be below what an earlier leader reported (KIP-207). This holds for either isolation, and for a leader that was
     * deposed meanwhile.
     */
    @Nullable
    Range range(Isolation isolation) {
        return namesItsEnd() ? new Range(start, end(isolation)) : null;
    }

    private boolean namesItsEnd() {
        return highWatermark >= epochStart;
    }

    private long end(Isolation isolation) {
        return isolation == Isolation.COMMITTED ? lastStable : highWatermark;
    }

    /** Returns whether the replica can serve an offset, now or later. */
    boolean holds(long offset) {
        return offset >= start && offset <= logEnd;
    }

    /** Fetches from an offset on; a fetch examines only a few batches. */
    Fetched fetch(long from, Isolation isolation, int mostBatches) {
        var end = end(isolation);
        var next = from;
        var looked = 0;
        var records = new ArrayList<Stored>();
        for (var index = firstIndex(from); index < batches.size() && looked < mostBatches; index++, looked++) {
            var batch = batches.get(index);
            if (batch.endOffset() > end) {
                break;
            }
            var hidden = isolation == Isolation.COMMITTED && batch.outcome() == LogBatch.Outcome.ABORTED;
            for (var at = 0; at < batch.records().size() && !hidden; at++) {
                var offset = batch.baseOffset() + at;
                if (offset >= from) {
                    records.add(stored(offset, batch.records().get(at)));
                }
            }
            next = Math.max(next, batch.endOffset());
        }
        return new Fetched(records, next);
    }

    /**
     * Returns the first offset below the end whose record is not older; it may belong to an aborted transaction, because
     * Kafka's index does not know outcomes. Returns null if there is none and the leader does not yet know for certain where
     * its log ends.
     */
    @Nullable
    OptionalLong offsetAt(long timestampMs, Isolation isolation) {
        var end = end(isolation);
        var found = batches.stream()
                .filter(batch -> batch.endOffset() > start && batch.endOffset() <= end)
                .flatMapToLong(batch -> IntStream.range(0, batch.records().size())
                        .filter(at -> batch.records().get(at).timestampMs() >= timestampMs)
                        .mapToLong(at -> batch.baseOffset() + at))
                .filter(offset -> offset >= start)
                .findFirst();
        return found.isPresent() || namesItsEnd() ? found : null;
    }

    private int firstIndex(long from) {
        var low = 0;
        var high = batches.size();
        while (low < high) {
            var middle = (low + high) / 2;
            if (batches.get(middle).endOffset() <= from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Stored stored(long offset, Outgoing record) {
        return new Stored(offset, record.timestampMs(), record.wal(), record.writer(), record.data());
    }
}
