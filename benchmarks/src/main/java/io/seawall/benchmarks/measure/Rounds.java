package io.seawall.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Orders the rounds of two sides fairly and compares them. */
public final class Rounds {
    private Rounds() {}

    /** Measures one side in one round. */
    public interface Measurement<T> {
        /**
         * Measures one round.
         *
         * @param round from 0
         */
        T measure(int round);
    }

    /**
     * Runs rounds of both sides. The sides take turns in going first, so that changes over time, such as in a disk's cache,
     * favour neither.
     */
    public static <T> List<Pair<T>> interleaved(
            int rounds, Measurement<T> bare, Measurement<T> seawall, Consumer<Pair<T>> progress) {
        var pairs = new ArrayList<Pair<T>>();
        for (var round = 0; round < rounds; round++) {
            var pair = round % 2 == 0 ? bareFirst(round, bare, seawall) : seawallFirst(round, bare, seawall);
            pairs.add(pair);
            progress.accept(pair);
        }
        return List.copyOf(pairs);
    }

    private static <T> Pair<T> bareFirst(int round, Measurement<T> bare, Measurement<T> seawall) {
        var first = bare.measure(round);
        return new Pair<>(first, seawall.measure(round));
    }

    private static <T> Pair<T> seawallFirst(int round, Measurement<T> bare, Measurement<T> seawall) {
        var first = seawall.measure(round);
        return new Pair<>(bare.measure(round), first);
    }

    /**
     * Returns the median over the rounds of Seawall's figure divided by the bare one: a round on a slow machine counts as one
     * round.
     */
    public static <T> double medianRatio(List<Pair<T>> pairs, ToDoubleFunction<T> figure) {
        return median(
                pairs.stream().mapToDouble(pair -> ratio(pair, figure)).sorted().toArray());
    }

    public static <T> double ratio(Pair<T> pair, ToDoubleFunction<T> figure) {
        return figure.applyAsDouble(pair.seawall()) / figure.applyAsDouble(pair.bare());
    }

    /** Returns the median of some figures, which are sorted. */
    public static double median(double[] sorted) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no round, so there is no median");
        }
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
