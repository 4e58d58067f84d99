package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneProducer;
import java.util.Map;
import java.util.Objects;

/** The transactions of both lanes. Used on the mailbox only. */
final class LaneTransactions {
    private final LaneTransaction a;
    private final LaneTransaction b;

    /**
     * Creates the state of lanes that were just initialized.
     *
     * @param producers the producer of each lane
     * @param nowMs the current time
     */
    LaneTransactions(Map<Lane, LaneProducer> producers, long nowMs) {
        this.a = transaction(producers, Lane.A, nowMs);
        this.b = transaction(producers, Lane.B, nowMs);
    }

    private static LaneTransaction transaction(Map<Lane, LaneProducer> producers, Lane lane, long nowMs) {
        return new LaneTransaction(Objects.requireNonNull(producers.get(lane), "each lane has a producer"), nowMs);
    }

    LaneTransaction of(Lane lane) {
        return lane == Lane.A ? a : b;
    }

    /** Returns the uncommitted bytes of both lanes. */
    long bytes() {
        return a.bytes() + b.bytes();
    }

    /** Returns whether a lane began no transaction after a time. */
    boolean isAnyUnusedSince(long sinceMs) {
        return a.sinceMs() <= sinceMs || b.sinceMs() <= sinceMs;
    }

    int count() {
        return Lane.values().length;
    }

    void close() {
        a.producer().close();
        b.producer().close();
    }
}
