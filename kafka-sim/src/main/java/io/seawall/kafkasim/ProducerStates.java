package io.seawall.kafkasim;

import io.seawall.kafkasim.Answer.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What a partition's leader keeps about each producer; it can be rebuilt from the log. */
final class ProducerStates {
    private static final int REMEMBERED_BATCHES = 5;

    private final Map<Long, State> byId = new TreeMap<>();
    private final List<Ended> ended = new ArrayList<>();

    /** A transaction from its first offset to the offset after its marker. */
    private record Ended(long first, long end) {}

    private static final class State {
        private int epoch;
        private final Deque<LogBatch> recent = new ArrayDeque<>();
        private final List<LogBatch> transaction = new ArrayList<>();
    }

    /** Returns whether this producer has an open transaction on the partition; then its coordinator is not asked. */
    boolean hasOpenTransaction(ProducerIdentity producer) {
        var state = byId.get(producer.id());
        return state != null && state.epoch == producer.epoch() && !state.transaction.isEmpty();
    }

    /** Returns whether the producer's epoch is below one that was seen. */
    boolean isStale(ProducerIdentity producer) {
        var state = byId.get(producer.id());
        return state != null && producer.epoch() < state.epoch;
    }

    /** Returns the batch that this one repeats, or null. */
    @Nullable
    LogBatch duplicated(ProducerIdentity producer, int sequence, int count) {
        var state = byId.get(producer.id());
        if (state == null || state.epoch != producer.epoch()) {
            return null;
        }
        return state.recent.stream()
                .filter(batch -> batch.sequence() == sequence && batch.records().size() == count)
                .findFirst()
                .orElse(null);
    }

    /** Returns whether a batch with this first sequence number may be appended. */
    Code checkSequence(ProducerIdentity producer, int sequence) {
        var state = byId.get(producer.id());
        var expected = state == null || state.epoch != producer.epoch() || state.recent.isEmpty()
                ? 0
                : state.recent.getLast().lastSequence() + 1;
        return sequence == expected ? Code.OK : Code.OUT_OF_ORDER_SEQUENCE;
    }

    /**
     * Returns whether a marker may be appended. Its epoch must be one above the transaction's. Otherwise it ends another
     * transaction than the open one (KIP-1228), unless nothing is open and it is a repetition (KAFKA-19999).
     */
    boolean takesMarker(ProducerIdentity marker) {
        var state = byId.get(marker.id());
        return state == null
                || marker.epoch() > state.epoch
                || (marker.epoch() == state.epoch && state.transaction.isEmpty());
    }

    /** Updates the state for an appended batch. */
    void appended(LogBatch batch) {
        var state = byId.computeIfAbsent(batch.producer().id(), id -> new State());
        if (batch.producer().epoch() != state.epoch) {
            state.recent.clear();
        }
        state.epoch = batch.producer().epoch();
        if (batch.isMarker()) {
            if (!state.transaction.isEmpty()) {
                ended.add(new Ended(state.transaction.get(0).baseOffset(), batch.endOffset()));
            }
            state.transaction.forEach(member -> member.end(batch.outcome()));
            state.transaction.clear();
            return;
        }
        batch.end(LogBatch.Outcome.OPEN);
        state.transaction.add(batch);
        state.recent.add(batch);
        if (state.recent.size() > REMEMBERED_BATCHES) {
            state.recent.remove();
        }
    }

    /**
     * Returns the first offset of the oldest transaction that is open, or whose marker is not below the high watermark; else
     * the high watermark.
     */
    long firstUnstable(long highWatermark) {
        var open = byId.values().stream()
                .filter(state -> !state.transaction.isEmpty())
                .mapToLong(state -> state.transaction.get(0).baseOffset());
        var unreplicated =
                ended.stream().filter(each -> each.end() > highWatermark).mapToLong(Ended::first);
        return LongStream.concat(open, unreplicated).min().orElse(highWatermark);
    }
}
