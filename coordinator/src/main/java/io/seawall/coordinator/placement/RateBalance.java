package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Reason;
import io.seawall.coordinator.placement.Moving.Healthy;
import java.util.Arrays;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Evens out the byte rates of the node with the highest and the one with the lowest, once the numbers of logs are balanced and
 * nothing else is under way: by a move that leaves the numbers balanced, or by exchanging two logs.
 */
final class RateBalance {
    /** Below this difference nothing is moved, in bytes per second. */
    private static final long LEAST_DIFFERENCE = 1L << 20;

    /** Nothing is moved unless the difference is more than this part of the higher rate, and shrinks by as much. */
    private static final int PART = 4;

    /** Rates change; between two steps they are given the time to show. */
    private static final long BETWEEN_STEPS_MS = 60_000;

    private final Draft draft;
    private final Moving moving;

    RateBalance(Draft draft, Moving moving) {
        this.draft = draft;
        this.moving = moving;
    }

    /** One log to move, and the one that goes the other way. */
    private record Step(Healthy log, Optional<Healthy> back, long difference) {}

    void balance() {
        var nodes = draft.nodes().all().stream().filter(NodeView::takesMoves).toList();
        var high = nodes.stream()
                .max(Comparator.comparingLong(node -> draft.load(node.id()).rate()));
        var low = nodes.stream()
                .min(Comparator.comparingLong(node -> draft.load(node.id()).rate()));
        if (high.isEmpty() || low.isEmpty() || !isDue() || !isWorthIt(high.get(), low.get())) {
            return;
        }
        best(high.get(), low.get()).ifPresent(step -> take(step, high.get(), low.get()));
    }

    private boolean isDue() {
        // A node whose rates are not known yet looks idle.
        return moving.hasAllRates() && draft.nowMs() - draft.watch().rateMoveMs() >= BETWEEN_STEPS_MS;
    }

    private boolean isWorthIt(NodeView high, NodeView low) {
        var difference = difference(high, low);
        return difference > LEAST_DIFFERENCE
                && difference > draft.load(high.id()).rate() / PART;
    }

    private long difference(NodeView high, NodeView low) {
        return draft.load(high.id()).rate() - draft.load(low.id()).rate();
    }

    private Optional<Step> best(NodeView high, NodeView low) {
        var difference = difference(high, low);
        var more = draft.load(high.id()).logs() > draft.load(low.id()).logs();
        var backs = firstOfEachRate(low);
        Step best = null;
        for (var log : moving.logsOf(high)) {
            if (!moving.isFree(log, high)) {
                continue;
            }
            var rate = draft.rate(log.pchannel());
            if (more) {
                best = better(best, new Step(log, Optional.empty(), Math.abs(difference - 2 * rate)));
            }
            // The best partners are the two whose rates are next to the one that would even out both nodes.
            var ideal = Math.floorDiv(2 * rate - difference, 2);
            for (var back : Arrays.asList(backs.floorEntry(ideal), backs.higherEntry(ideal))) {
                if (back != null) {
                    var left = Math.abs(difference - 2 * (rate - back.getKey()));
                    best = better(best, new Step(log, Optional.of(back.getValue()), left));
                }
            }
        }
        return Optional.ofNullable(best)
                .filter(step -> step.difference() <= difference - difference / PART)
                .filter(step -> draft.movesLeft() >= (step.back().isPresent() ? 2 : 1));
    }

    /** Pairs of two nodes with a thousand logs each are a million; so only one log of each rate is looked at. */
    private NavigableMap<Long, Healthy> firstOfEachRate(NodeView node) {
        var byRate = new TreeMap<Long, Healthy>();
        for (var log : moving.logsOf(node)) {
            if (moving.isFree(log, node)) {
                byRate.putIfAbsent(draft.rate(log.pchannel()), log);
            }
        }
        return byRate;
    }

    private static Step better(@Nullable Step best, Step other) {
        return best == null || other.difference() < best.difference() ? other : best;
    }

    private void take(Step step, NodeView high, NodeView low) {
        var text = high.id() + " had " + draft.load(high.id()).rate() + " B/s, " + low.id() + " "
                + draft.load(low.id()).rate();
        moving.moveForBalance(step.log(), low, Reason.BALANCE_RATE, text);
        step.back().ifPresent(back -> moving.moveForBalance(back, high, Reason.BALANCE_RATE, text));
        draft.watch(draft.watch().movedForRate(draft.nowMs()));
    }
}
