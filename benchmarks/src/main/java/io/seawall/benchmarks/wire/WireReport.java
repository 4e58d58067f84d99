package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.Rounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The result of the benchmark; its fields are those of the JSON object.
 *
 * @param benchmark {@code wire}
 * @param ratios what is compared
 * @param figures every figure of every side, over the rounds
 * @param measured every figure of every round
 * @param notes what was left out, and why
 */
public record WireReport(
        String benchmark, List<Ratio> ratios, List<Figure> figures, List<Measured> measured, List<Note> notes) {
    /**
     * A figure of a side divided by that of another in the same round.
     *
     * @param part the part of the benchmark
     * @param what what the sides did
     * @param side the one
     * @param against the other
     * @param figure the name of the figure
     * @param median over the rounds
     * @param least of the rounds
     * @param most of the rounds
     * @param difference the figure of the one less that of the other, the median over the rounds
     */
    public record Ratio(
            String part,
            String what,
            String side,
            String against,
            String figure,
            double median,
            double least,
            double most,
            double difference) {}

    /**
     * A figure of a side over the rounds.
     *
     * @param part the part of the benchmark
     * @param what what the side did
     * @param side the side
     * @param figure the name of the figure, with its unit
     * @param median over the rounds
     * @param least of the rounds
     * @param most of the rounds
     */
    public record Figure(
            String part, String what, String side, String figure, double median, double least, double most) {}

    /**
     * A figure of a side in one round.
     *
     * @param part the part of the benchmark
     * @param what what the side did
     * @param round from 0
     * @param side the side
     * @param figure the name of the figure, with its unit
     * @param value the figure
     */
    public record Measured(String part, String what, int round, String side, String figure, double value) {}

    /**
     * Something that a reader of the figures has to know.
     *
     * @param part the part of the benchmark
     * @param text a sentence
     */
    public record Note(String part, String text) {}

    /** Collects the figures of a run. For one thread. */
    static final class Builder {
        private final List<Ratio> ratios = new ArrayList<>();
        private final List<Figure> figures = new ArrayList<>();
        private final List<Measured> measured = new ArrayList<>();
        private final List<Note> notes = new ArrayList<>();

        void note(WirePart part, String text) {
            notes.add(new Note(part.toString(), text));
        }

        /**
         * Adds what was measured.
         *
         * @param part the part of the benchmark
         * @param what what the sides did
         * @param sides the figures of each round, by side; the others are compared with the first side
         */
        void add(WirePart part, String what, Map<String, List<Map<String, Double>>> sides) {
            var against = sides.keySet().iterator().next();
            sides.forEach((side, rounds) -> {
                byName(rounds).forEach((name, values) -> {
                    for (var round = 0; round < values.length; round++) {
                        measured.add(new Measured(part.toString(), what, round, side, name, values[round]));
                    }
                    figures.add(figure(part, what, side, name, values));
                });
                if (!side.equals(against)) {
                    compare(part, what, side, byName(rounds), against, byName(sides.getOrDefault(against, List.of())));
                }
            });
        }

        private void compare(
                WirePart part,
                String what,
                String side,
                Map<String, double[]> ones,
                String against,
                Map<String, double[]> others) {
            ones.forEach((name, one) -> {
                var other = others.get(name);
                if (other != null && Arrays.stream(other).allMatch(value -> value > 0)) {
                    var quotients = IntStream.range(0, one.length)
                            .mapToDouble(round -> one[round] / other[round])
                            .sorted()
                            .toArray();
                    var differences = IntStream.range(0, one.length)
                            .mapToDouble(round -> one[round] - other[round])
                            .sorted()
                            .toArray();
                    ratios.add(new Ratio(
                            part.toString(),
                            what,
                            side,
                            against,
                            name,
                            Rounds.median(quotients),
                            quotients[0],
                            quotients[quotients.length - 1],
                            Rounds.median(differences)));
                }
            });
        }

        /** Returns the figures by name; those that a round lacks are left out. */
        private static Map<String, double[]> byName(List<Map<String, Double>> rounds) {
            var names = new LinkedHashMap<String, double[]>();
            if (!rounds.isEmpty()) {
                for (var name : rounds.get(0).keySet()) {
                    if (rounds.stream().allMatch(round -> round.containsKey(name))) {
                        names.put(
                                name,
                                rounds.stream()
                                        .mapToDouble(round -> round.getOrDefault(name, Double.NaN))
                                        .toArray());
                    }
                }
            }
            return names;
        }

        private static Figure figure(WirePart part, String what, String side, String name, double[] values) {
            var sorted = sorted(values);
            return new Figure(
                    part.toString(), what, side, name, Rounds.median(sorted), sorted[0], sorted[sorted.length - 1]);
        }

        private static double[] sorted(double[] values) {
            var sorted = values.clone();
            Arrays.sort(sorted);
            return sorted;
        }

        WireReport build() {
            return new WireReport(
                    "wire", List.copyOf(ratios), List.copyOf(figures), List.copyOf(measured), List.copyOf(notes));
        }
    }
}
