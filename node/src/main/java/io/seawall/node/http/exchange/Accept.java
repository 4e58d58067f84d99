package io.seawall.node.http.exchange;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Chooses the form of an answer by the request's {@code Accept} headers (RFC 9110, 12.5.1). */
final class Accept {
    private Accept() {}

    /**
     * Returns the offered type that the client prefers; the first one if it prefers several equally.
     *
     * @param accepts the values of all {@code Accept} headers; if there is none, any type is acceptable
     * @param offered the types to choose from, the default first
     * @return empty if none is acceptable
     */
    static Optional<String> choose(List<String> accepts, List<String> offered) {
        if (accepts.isEmpty()) {
            return Optional.of(offered.get(0));
        }
        String best = null;
        var bestQuality = 0.0;
        for (var type : offered) {
            var quality = quality(type, String.join(",", accepts));
            if (quality > bestQuality) {
                best = type;
                bestQuality = quality;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Returns the quality of the most specific range that matches the type; 0 if none does. */
    private static double quality(String type, String accept) {
        var quality = 0.0;
        var specificity = -1;
        for (var range : accept.split(",", -1)) {
            var parts = range.strip().toLowerCase(Locale.ROOT).split(";", -1);
            var fits = specificity(parts[0].strip(), type);
            if (fits > specificity) {
                specificity = fits;
                quality = qualityOf(parts);
            }
        }
        return quality;
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

    private static double qualityOf(String[] parts) {
        for (var part : parts) {
            var text = part.strip();
            if (text.startsWith("q=")) {
                try {
                    return Double.parseDouble(text.substring(2));
                } catch (NumberFormatException e) {
                    return 0; // Ignore a range whose quality cannot be parsed.
                }
            }
        }
        return 1;
    }
}
