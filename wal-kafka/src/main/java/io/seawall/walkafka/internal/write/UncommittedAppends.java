package io.seawall.walkafka.internal.write;

import io.seawall.walkafka.internal.lease.InFlight.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The appends that Kafka has acknowledged and whose callers wait for the commit. Bounded, since leases are. Used on the mailbox
 * only.
 */
final class UncommittedAppends {
    private final Deque<Entry> entries = new ArrayDeque<>();

    /** Adds acknowledged entries, in order. Ignores control records, since no caller waits for them. */
    void add(List<Entry> acknowledged) {
        acknowledged.stream().filter(entry -> entry.append() != null).forEach(entries::add);
    }

    /** Removes and returns the entries below an LSN. */
    List<Entry> takeBelow(long lsn) {
        var taken = new ArrayList<Entry>();
        while (!entries.isEmpty() && entries.element().next() <= lsn) {
            taken.add(entries.remove());
        }
        return taken;
    }
}
