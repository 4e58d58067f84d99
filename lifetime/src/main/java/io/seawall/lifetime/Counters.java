package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Collects {@link LifetimeCounts}. */
final class Counters {
    private final Map<LifetimeStep, LongAdder> moves = new ConcurrentHashMap<>();
    private final Map<ErrorCode, LongAdder> refusals = new ConcurrentHashMap<>();

    void moved(LifetimeStep to) {
        moves.computeIfAbsent(to, key -> new LongAdder()).increment();
    }

    void refused(ErrorCode code) {
        refusals.computeIfAbsent(code, key -> new LongAdder()).increment();
    }

    LifetimeCounts counts() {
        return new LifetimeCounts(sums(moves), sums(refusals));
    }

    private static <K extends Comparable<K>> Map<K, Long> sums(Map<K, LongAdder> adders) {
        var sums = new TreeMap<K, Long>();
        adders.forEach((key, adder) -> sums.put(key, adder.sum()));
        return sums;
    }
}
