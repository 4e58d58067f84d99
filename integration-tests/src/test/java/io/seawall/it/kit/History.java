package io.seawall.it.kit;

import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What callers know of their appends, and whether a log agrees with it. Values are unique within a run. Thread-safe. */
public final class History {
    private final Map<PChannel, TreeMap<Long, String>> acknowledged = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private final Set<String> refused = new HashSet<>();

    public synchronized void acknowledged(PChannel pchannel, long lsn, String value) {
        var before =
                acknowledged.computeIfAbsent(pchannel, key -> new TreeMap<>()).put(lsn, value);
        if (before != null) {
            throw new IllegalStateException(pchannel + " acknowledged LSN " + lsn + " for " + before + " and " + value);
        }
    }

    /** Records an append whose answer was lost or states an unknown effect. */
    public synchronized void unknown(String value) {
        unknown.add(value);
    }

    /** Records an append whose answer states that nothing was written. */
    public synchronized void refused(String value) {
        refused.add(value);
    }

    public synchronized int acknowledgedCount() {
        return acknowledged.values().stream().mapToInt(Map::size).sum();
    }

    public synchronized int unknownCount() {
        return unknown.size();
    }

    public synchronized int refusedCount() {
        return refused.size();
    }

    /**
     * Checks one view of one log, read from LSN 0.
     *
     * @param pchannel the log
     * @param log LSNs and values, in the order in which they were read
     * @return the violations, at most 20 sentences; empty if there are none
     */
    public synchronized List<String> violations(PChannel pchannel, List<Entry> log) {
        var wrong = new ArrayList<String>();
        var byLsn = new HashMap<Long, String>();
        var values = new HashSet<String>();
        for (var index = 0; index < log.size(); index++) {
            var entry = log.get(index);
            if (entry.lsn() != index) {
                wrong.add("LSN " + entry.lsn() + " at place " + index);
            }
            if (!values.add(entry.value())) {
                wrong.add(entry.value() + " is there twice, again at LSN " + entry.lsn());
            }
            if (refused.contains(entry.value())) {
                wrong.add(entry.value() + " is there at LSN " + entry.lsn()
                        + " although it was refused with effect none");
            }
            byLsn.put(entry.lsn(), entry.value());
        }
        acknowledged.getOrDefault(pchannel, new TreeMap<>()).forEach((lsn, value) -> {
            var found = byLsn.get(lsn);
            if (!value.equals(found)) {
                wrong.add("LSN " + lsn + " was acknowledged for " + value + " and holds " + found);
            }
        });
        return wrong.size() > 20 ? wrong.subList(0, 20) : wrong;
    }

    /**
     * A record of a log.
     *
     * @param lsn its LSN
     * @param value its value, or a hash of it
     */
    public record Entry(long lsn, String value) {}
}
