package io.seawall.kafkasim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A replica's log: batches without a gap, and the values derived from them. */
final class PartitionLog {
    private final List<LogBatch> batches = new ArrayList<>();
    private ProducerStates producers = new ProducerStates();
    private long start;

    ProducerStates producers() {
        return producers;
    }

    /** Returns the first offset that is still there. */
    long start() {
        return start;
    }

    /** Returns the offset of the next batch. */
    long end() {
        return batches.isEmpty() ? start : batches.get(batches.size() - 1).endOffset();
    }

    void append(LogBatch batch) {
        if (batch.baseOffset() != end()) {
            throw new IllegalStateException("batch " + batch + " does not fit a log that ends at " + end());
        }
        batches.add(batch);
        producers.appended(batch);
    }

    /** Returns all batches that are still there, in order. */
    List<LogBatch> batches() {
        return Collections.unmodifiableList(batches);
    }

    /** Returns the index of the batch that holds an offset, or of the next batch if the offset is not there. */
    int indexOf(long offset) {
        var low = 0;
        var high = batches.size();
        while (low < high) {
            var middle = (low + high) / 2;
            if (batches.get(middle).endOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Truncates the log, as a follower does whose log is longer than its leader's. */
    void truncate(long end) {
        var kept = new ArrayList<>(batches.subList(0, indexOf(end)));
        batches.clear();
        producers = new ProducerStates();
        kept.forEach(batch -> {
            batches.add(batch);
            producers.appended(batch);
        });
    }

    /**
     * Deletes the records below an offset; keeps a batch that holds it as a whole, as Kafka keeps the log's segment.
     */
    void trim(long before) {
        start = Math.max(start, before);
    }

    /** Returns the offset below which every transaction is final. */
    long lastStable(long highWatermark) {
        return Math.min(highWatermark, producers.firstUnstable(highWatermark));
    }
}
