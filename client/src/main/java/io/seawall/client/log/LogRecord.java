package io.seawall.client.log;

import java.nio.charset.StandardCharsets;

/**
 * A record as the log holds it.
 *
 * @param lsn its number in its log: 0 for the first record, then one more each
 * @param term the term that wrote it first
 * @param timestampMs when its owner accepted it, in milliseconds since the epoch by that owner's clock; never decreases in a log
 * @param data what the user appended
 */
public record LogRecord(long lsn, long term, long timestampMs, WalRecord data) {
    /** Returns the value as UTF-8 text; an empty text if the value is null. */
    public String text() {
        var value = data.value();
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
