package io.seawall.node.http.exchange;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.eclipse.jetty.http.QuotedQualityCSV.QualityValue;

/** Chooses the form of an answer by the request's {@code Accept} headers (RFC 9110, 12.5.1). */
final class Accept {
    private Accept() {}

    /**
     * Returns the offered type that the client prefers; the first one if it prefers several equally.
     *
     * @param accepts the values of all {@code Accept} headers; if there is none, any type is acceptable
     * @param offered the types to choose from, the default first
     * @return empty if none is acceptable, or a header is malformed
     */
    static Optional<String> choose(List<String> accepts, List<String> offered) {
        if (accepts.isEmpty()) {
            return Optional.of(offered.get(0));
        }
        var ranges = new QuotedQualityCSV();
        try {
            accepts.forEach(ranges::addValue);
        } catch (IllegalArgumentException malformed) { // Jetty's error for unbalanced quotes
            return Optional.empty();
        }
        String best = null;
        var bestWeight = 0.0;
        for (var type : offered) {
            var weight = weight(type, ranges.getQualityValues());
            if (weight > bestWeight) {
                best = type;
                bestWeight = weight;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Returns the weight of the most specific range that matches the type; 0 if none does. */
    private static double weight(String type, List<QualityValue> ranges) {
        var weight = 0.0;
        var specificity = -1;
        for (var range : ranges) {
            var media = range.getValue().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            var fits = specificity(media, type);
            if (fits > specificity) {
                specificity = fits;
                weight = range.getWeight();
            }
        }
        return weight;
    }

    private static int specificity(String range, String type) {
        if (range.equals(type)) {
            return 2;
        }
        if (range.equals(type.substring(0, type.indexOf('/')) + "/*")) {
            return 1;
        }
        return range.equals("*/*") ? 0 : -1;
    }
}
