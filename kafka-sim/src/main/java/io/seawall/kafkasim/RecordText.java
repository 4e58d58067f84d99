package io.seawall.kafkasim;

import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Formats records for traces. */
final class RecordText {
    private RecordText() {}

    static String of(List<Outgoing> records) {
        return records.stream()
                .map(record -> new String(record.wal(), StandardCharsets.US_ASCII))
                .collect(Collectors.joining(" | "));
    }
}
