package io.seawall.coordinator.member;

import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What callers hand to a member, until its executor takes it. It holds one report and one rate for each log and one hint for each
 * node, so a slow executor makes no queue without end. Thread-safe.
 */
final class Inbox {
    private final ConcurrentMap<PChannel, Status> reports = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Hint> hints = new ConcurrentHashMap<>();
    private final ConcurrentMap<PChannel, Long> rates = new ConcurrentHashMap<>();
    private final AtomicBoolean collected = new AtomicBoolean();

    void report(Status status) {
        reports.merge(status.pchannel(), status, Reports::newer);
    }

    void suspect(Hint hint) {
        hints.put(hint.node(), hint);
    }

    void rates(Map<PChannel, Long> bytesPerSecond) {
        rates.putAll(bytesPerSecond);
    }

    /** Returns whether the caller has to hand a task to the executor: one task takes everything. */
    boolean needsTask() {
        return collected.compareAndSet(false, true);
    }

    /** To be called by that task, before it takes anything: what comes later gets a task of its own. */
    void taskBegins() {
        collected.set(false);
    }

    List<Status> takeReports() {
        return taken(reports);
    }

    List<Hint> takeHints() {
        return taken(hints);
    }

    Map<PChannel, Long> takeRates() {
        var taken = new HashMap<PChannel, Long>();
        for (var pchannel : rates.keySet()) {
            var rate = rates.remove(pchannel);
            if (rate != null) {
                taken.put(pchannel, rate);
            }
        }
        return taken;
    }

    private static <K, V> List<V> taken(ConcurrentMap<K, V> map) {
        var taken = new ArrayList<V>();
        for (var key : map.keySet()) {
            var value = map.remove(key);
            if (value != null) {
                taken.add(value);
            }
        }
        return taken;
    }
}
