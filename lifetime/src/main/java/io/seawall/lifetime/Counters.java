package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Collects {@link LifetimeCounts}. */
final class Counters {
    private final Map<LifetimeStep, LongAdder> moves = new ConcurrentHashMap<>();
    private final Map<LifetimeStep, LifetimeCounts.Stays> stays = new ConcurrentHashMap<>();
    private final Map<ErrorCode, LongAdder> refusals = new ConcurrentHashMap<>();

    /**
     * Counts a move.
     *
     * @param from the step that was left
     * @param stay how long the pchannel stayed in it
     * @param to the step that was entered
     */
    void moved(LifetimeStep from, Duration stay, LifetimeStep to) {
        stays.merge(from, new LifetimeCounts.Stays(1, stay), Counters::sum);
        moves.computeIfAbsent(to, key -> new LongAdder()).increment();
    }

    void refused(ErrorCode code) {
        refusals.computeIfAbsent(code, key -> new LongAdder()).increment();
    }

    LifetimeCounts counts() {
        return new LifetimeCounts(sums(moves), new TreeMap<>(stays), sums(refusals));
    }

    private static LifetimeCounts.Stays sum(LifetimeCounts.Stays a, LifetimeCounts.Stays b) {
        return new LifetimeCounts.Stays(a.count() + b.count(), a.total().plus(b.total()));
    }

    private static <K extends Comparable<K>> Map<K, Long> sums(Map<K, LongAdder> adders) {
        var sums = new TreeMap<K, Long>();
        adders.forEach((key, adder) -> sums.put(key, adder.sum()));
        return sums;
    }
}
