package io.seawall.kafkasim;

import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.List;

/** An entry of a partition's log: one producer's records, or the marker that ends its transaction. */
public final class LogBatch {
    /** The outcome of a transaction. */
    public enum Outcome {
        /** It is still open. */
        OPEN,
        COMMITTED,
        ABORTED
    }

    private final long baseOffset;
    private final ProducerIdentity producer;
    private final int sequence;
    private final List<Outgoing> records;
    private final boolean marker;
    private Outcome outcome;

    private LogBatch(
            long baseOffset,
            ProducerIdentity producer,
            int sequence,
            List<Outgoing> records,
            boolean marker,
            Outcome outcome) {
        this.baseOffset = baseOffset;
        this.producer = producer;
        this.sequence = sequence;
        this.records = records;
        this.marker = marker;
        this.outcome = outcome;
    }

    static LogBatch of(long baseOffset, ProducerIdentity producer, int sequence, List<Outgoing> records) {
        return new LogBatch(baseOffset, producer, sequence, List.copyOf(records), false, Outcome.OPEN);
    }

    static LogBatch marker(long baseOffset, ProducerIdentity producer, Outcome outcome) {
        return new LogBatch(baseOffset, producer, -1, List.of(), true, outcome);
    }

    /** Returns the offset of its first record. */
    public long baseOffset() {
        return baseOffset;
    }

    /** Returns the offset after its last record; a marker takes one offset. */
    public long endOffset() {
        return baseOffset + (marker ? 1 : records.size());
    }

    /** Returns its records; a marker has none. */
    public List<Outgoing> records() {
        return records;
    }

    /** Returns whether it ends a transaction. */
    public boolean isMarker() {
        return marker;
    }

    /** Returns the outcome of its transaction; for a marker, the outcome that it records. */
    public Outcome outcome() {
        return outcome;
    }

    ProducerIdentity producer() {
        return producer;
    }

    int sequence() {
        return sequence;
    }

    int lastSequence() {
        return sequence + records.size() - 1;
    }

    void end(Outcome value) {
        outcome = value;
    }

    @Override
    public String toString() {
        return "[" + baseOffset + "," + endOffset() + ") " + producer + (marker ? " marker " + outcome : "");
    }
}
