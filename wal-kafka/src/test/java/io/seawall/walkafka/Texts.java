package io.seawall.walkafka;

import io.seawall.wal.Record;
import java.nio.charset.StandardCharsets;

/** Creates records from texts. */
final class Texts {
    private Texts() {}

    /** Returns a record whose value is a text. */
    static Record record(String value) {
        return Record.of(value.getBytes(StandardCharsets.US_ASCII));
    }
}
