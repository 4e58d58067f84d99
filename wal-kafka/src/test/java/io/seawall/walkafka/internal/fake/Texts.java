package io.seawall.walkafka.internal.fake;

import io.seawall.wal.Record;
import java.nio.charset.StandardCharsets;

/** Creates records from texts. */
public final class Texts {
    private Texts() {}

    /** Returns a record whose value is a text. */
    public static Record record(String value) {
        return Record.of(value.getBytes(StandardCharsets.US_ASCII));
    }
}
