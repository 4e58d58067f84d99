package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.Rounds.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Several sides that do the same, measured one after the other in each round. For one thread. */
final class Comparison {
    private final WirePart part;
    private final String what;
    private final Consumer<String> progress;
    private final Map<String, Measurement<Map<String, Double>>> sides = new LinkedHashMap<>();

    Comparison(WirePart part, String what, Consumer<String> progress) {
        this.part = part;
        this.what = what;
        this.progress = progress;
    }

    /**
     * Adds a side. The others are compared with the first one.
     *
     * @param name what it is called in the result
     * @param measurement returns its figures in a round, by name
     */
    Comparison side(String name, Measurement<Map<String, Double>> measurement) {
        sides.put(name, measurement);
        return this;
    }

    /**
     * Measures. Each round begins with another side, so that changes over time favour none.
     *
     * @return the figures of each round, by side
     */
    Map<String, List<Map<String, Double>>> run(int rounds, WireReport.Builder report) {
        var names = List.copyOf(sides.keySet());
        var figures = new LinkedHashMap<String, List<Map<String, Double>>>();
        names.forEach(name -> figures.put(name, new ArrayList<>()));
        for (var round = 0; round < rounds; round++) {
            for (var at = 0; at < names.size(); at++) {
                var name = names.get((round + at) % names.size());
                var found = measure(name, round);
                figures.computeIfAbsent(name, unknown -> new ArrayList<>()).add(found);
                progress.accept(part + ", " + what + ", round " + (round + 1) + ", " + name + ": " + shown(found));
            }
        }
        report.add(part, what, figures);
        return figures;
    }

    private Map<String, Double> measure(String name, int round) {
        var measurement = sides.get(name);
        if (measurement == null) {
            throw new IllegalArgumentException("no side " + name);
        }
        return measurement.measure(round);
    }

    private static String shown(Map<String, Double> figures) {
        return figures.entrySet().stream()
                .map(figure -> String.format(Locale.ROOT, "%s %.3f", figure.getKey(), figure.getValue()))
                .collect(Collectors.joining(", "));
    }
}
