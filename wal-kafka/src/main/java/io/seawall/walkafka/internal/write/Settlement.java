package io.seawall.walkafka.internal.write;

import io.seawall.walkafka.internal.lease.InFlight.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * The outcome of the appends that were in flight when a lane failed, as read from the log. The log has an append either whole or
 * not at all.
 *
 * @param written the entries that are in the log, with the LSNs that they were sent with
 * @param refused the entries that are not in the log, and that the broker will never accept
 * @param rest the entries that are not in the log and may be sent again, in order
 */
record Settlement(List<Entry> written, List<Entry> refused, List<Entry> rest) {
    /**
     * Divides the entries by their outcome.
     *
     * @param sent the entries that were in flight, in the order of sending
     * @param writtenBelow the log has every entry whose records are below this LSN, and no other
     */
    static Settlement of(List<Entry> sent, long writtenBelow) {
        var written = new ArrayList<Entry>();
        var refused = new ArrayList<Entry>();
        var rest = new ArrayList<Entry>();
        for (var entry : sent) {
            if (entry.next() <= writtenBelow) {
                written.add(entry);
            } else if (entry.refused() != null) {
                refused.add(entry);
            } else {
                rest.add(entry);
            }
        }
        return new Settlement(written, refused, rest);
    }
}
