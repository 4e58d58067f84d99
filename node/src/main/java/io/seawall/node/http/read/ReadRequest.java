package io.seawall.node.http.read;

import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.Format;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.http.exchange.Query;
import io.seawall.node.http.json.Shown;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;

/**
 * A read as the client requested it.
 *
 * @param pchannel the log to read
 * @param from where to start
 * @param view which records are visible
 * @param format the encoding of bytes in JSON
 * @param limit the most records to return
 * @param maxBytes the most bytes of records to return, except that one record always fits
 * @param waitTime how long to wait for the first record at the tail
 */
record ReadRequest(
        PChannel pchannel, StartPosition from, View view, Format format, int limit, int maxBytes, Duration waitTime) {
    private static final long LIMIT = 1_000;
    private static final long MAX_BYTES = 1 << 20;

    /** Parses a read that has an end: a page, or lines. For {@code HEAD} it returns no records and does not wait. */
    static ReadRequest bounded(Exchange exchange) {
        var head = exchange.isHead();
        var query = exchange.query().allow("from", "at", "limit", "maxBytes", "waitMs", "view", Format.PARAMETER);
        var limit = (int) query.number("limit", LIMIT, 1, HttpLimits.PAGE_RECORDS);
        var waitTime = Duration.ofMillis(query.number("waitMs", 0, 0, HttpLimits.WAIT_MS));
        return new ReadRequest(
                exchange.pchannel(),
                start(query),
                view(query),
                Format.of(query),
                head ? 0 : limit,
                (int) query.number("maxBytes", MAX_BYTES, 1, HttpLimits.PAGE_BYTES),
                head ? Duration.ZERO : waitTime);
    }

    /** Parses a read without an end; a {@code Last-Event-ID} overrides {@code from} and {@code at}. */
    static ReadRequest endless(Exchange exchange) {
        var query = exchange.query().allow("from", "at", "view", Format.PARAMETER);
        var start = start(query);
        var lastEventId = exchange.header("Last-Event-ID");
        if (lastEventId != null) {
            start = after(query, lastEventId.strip());
        }
        return new ReadRequest(
                exchange.pchannel(),
                start,
                view(query),
                Format.of(query),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Duration.ZERO);
    }

    private static StartPosition after(Query query, String lastEventId) {
        try {
            var last = Long.parseLong(lastEventId);
            if (last >= 0 && last < Long.MAX_VALUE) {
                return StartPosition.atLsn(last + 1);
            }
        } catch (NumberFormatException e) {
            // Fall through: the error is the same as for a number out of range.
        }
        throw query.invalid("Last-Event-ID " + Shown.text(lastEventId), "the LSN of the last record that was received");
    }

    private static StartPosition start(Query query) {
        var at = query.text("at");
        if (at.isEmpty()) {
            return from(query);
        }
        if (query.text("from").isPresent()) {
            throw query.invalid("both from and at", "one of them");
        }
        try {
            return StartPosition.atTime(OffsetDateTime.parse(at.get()).toInstant());
        } catch (DateTimeParseException notATime) {
            throw query.invalid("at=" + Shown.text(at.get()), "a time such as 2026-11-23T14:00:00Z");
        }
    }

    private static StartPosition from(Query query) {
        var text = query.text("from").orElse("oldest");
        if (text.equals("oldest")) {
            return StartPosition.oldest();
        }
        if (text.equals("tail")) {
            return StartPosition.tail();
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw query.invalid("from=" + Shown.text(text), "an LSN of 0 or more, oldest or tail");
        }
        return StartPosition.atLsn(Long.parseLong(text));
    }

    private static View view(Query query) {
        return query.oneOf("view", "live", Set.of("live", "committed")).equals("live") ? View.LIVE : View.COMMITTED;
    }
}
