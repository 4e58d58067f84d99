package io.seawall.walkafka;

import io.seawall.walkafka.InFlight.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Appends that Kafka has acknowledged and whose callers wait for the commit. Mailbox only; bounded by what leases hold. */
final class UncommittedAppends {
    private final Deque<Entry> entries = new ArrayDeque<>();

    /** Takes what was acknowledged, in order; nobody waits for records of our own. */
    void add(List<Entry> acknowledged) {
        acknowledged.stream().filter(entry -> entry.append() != null).forEach(entries::add);
    }

    /** Gives back what is below an LSN. */
    List<Entry> takeBelow(long lsn) {
        var taken = new ArrayList<Entry>();
        while (!entries.isEmpty() && entries.element().next() <= lsn) {
            taken.add(entries.remove());
        }
        return taken;
    }
}
