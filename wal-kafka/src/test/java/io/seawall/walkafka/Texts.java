package io.seawall.walkafka;

import io.seawall.wal.Record;
import java.nio.charset.StandardCharsets;

/** Records as short as a test can write them. */
final class Texts {
    private Texts() {}

    /** A record whose value is a text. */
    static Record record(String value) {
        return Record.of(value.getBytes(StandardCharsets.US_ASCII));
    }
}
