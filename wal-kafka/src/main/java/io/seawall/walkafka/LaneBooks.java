package io.seawall.walkafka;

import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneProducer;
import java.util.Map;
import java.util.Objects;

/** The books of both lanes. Mailbox only. */
final class LaneBooks {
    private final LaneBook a;
    private final LaneBook b;

    /**
     * The books of lanes that were just initialized.
     *
     * @param producers one for each lane
     * @param nowMs the time
     */
    LaneBooks(Map<Lane, LaneProducer> producers, long nowMs) {
        this.a = book(producers, Lane.A, nowMs);
        this.b = book(producers, Lane.B, nowMs);
    }

    private static LaneBook book(Map<Lane, LaneProducer> producers, Lane lane, long nowMs) {
        return new LaneBook(Objects.requireNonNull(producers.get(lane), "there is one for each lane"), nowMs);
    }

    LaneBook of(Lane lane) {
        return lane == Lane.A ? a : b;
    }

    /** What is not committed, in bytes. */
    long bytes() {
        return a.bytes() + b.bytes();
    }

    /** Whether a lane began nothing since a time. */
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
