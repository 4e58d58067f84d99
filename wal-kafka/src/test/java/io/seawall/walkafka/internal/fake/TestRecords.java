package io.seawall.walkafka.internal.fake;

import io.seawall.wal.WalRecord;
import java.nio.charset.StandardCharsets;

/** Creates records from texts. */
public final class TestRecords {
    private TestRecords() {}

    /** Returns a record whose value is a text. */
    public static WalRecord record(String value) {
        return WalRecord.of(value.getBytes(StandardCharsets.US_ASCII));
    }
}
