package io.seawall.walkafka;

import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneProducer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The books of both lanes. Mailbox only. */
final class LaneBooks {
    private final Map<Lane, LaneBook> books = new EnumMap<>(Lane.class);

    /**
     * The books of lanes that were just initialized.
     *
     * @param producers one for each lane
     * @param nowMs the time
     */
    LaneBooks(Map<Lane, LaneProducer> producers, long nowMs) {
        producers.forEach((lane, producer) -> books.put(lane, new LaneBook(producer, nowMs)));
    }

    LaneBook of(Lane lane) {
        return Objects.requireNonNull(books.get(lane), "there is one for each lane");
    }

    /** What is not committed, in bytes. */
    long bytes() {
        var bytes = 0L;
        for (var book : books.values()) { // no stream: this is asked for every record
            bytes += book.bytes();
        }
        return bytes;
    }

    /** Whether a lane began nothing since a time. */
    boolean isAnyUnusedSince(long sinceMs) {
        return books.values().stream().anyMatch(book -> book.sinceMs() <= sinceMs);
    }

    int count() {
        return books.size();
    }

    void close() {
        books.values().forEach(book -> book.producer().close());
    }
}
