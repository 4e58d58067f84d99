package io.seawall.walkafka;

import io.seawall.walkafka.InFlight.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of the appends that were in flight when a lane failed, as the log says: an append is in it whole or not at all.
 *
 * @param written those that are in the log, with the LSNs they were sent with
 * @param refused those that are not, and that the broker will never take
 * @param rest those that are not and may be sent again, in order
 */
record Settlement(List<Entry> written, List<Entry> refused, List<Entry> rest) {
    /**
     * Settles.
     *
     * @param sent what was in flight, in the order of sending
     * @param writtenBelow the LSN below which everything sent is in the log, and above which nothing is
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
