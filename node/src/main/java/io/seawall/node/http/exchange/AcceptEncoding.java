package io.seawall.node.http.exchange;

import io.seawall.node.http.coding.Coding;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.eclipse.jetty.http.QuotedQualityCSV.QualityValue;

/** Chooses the coding of an answer by the request's {@code Accept-Encoding} headers (RFC 9110, 12.5.3). */
final class AcceptEncoding {
    /** The one that costs less for the same size comes first. */
    private static final List<Coding> OFFERED = List.of(Coding.ZSTD, Coding.GZIP);

    private AcceptEncoding() {}

    /**
     * Returns the coding that the client prefers; none if it does not ask for any, or in a way that cannot be read. An answer that
     * is not coded is always possible, also for a client that excludes it.
     *
     * @param accepts the values of all headers
     */
    static Coding choose(List<String> accepts) {
        var ranges = new QuotedQualityCSV();
        try {
            accepts.forEach(ranges::addValue);
        } catch (IllegalArgumentException malformed) { // Jetty's error for unbalanced quotes
            return Coding.IDENTITY;
        }
        var values = ranges.getQualityValues();
        var best = Coding.IDENTITY;
        var bestWeight = 0.0;
        for (var coding : OFFERED) {
            var weight = weight(coding, values);
            if (weight > bestWeight) {
                best = coding;
                bestWeight = weight;
            }
        }
        return plainWeight(values) > bestWeight ? Coding.IDENTITY : best;
    }

    /** Returns the weight of a coding: that of its name, or else that of the asterisk, or else 0. */
    private static double weight(Coding coding, List<QualityValue> values) {
        var weight = 0.0;
        for (var value : values) {
            var name = value.getValue().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (Coding.of(name).filter(coding::equals).isPresent()) {
                return value.getWeight();
            }
            if (name.equals("*")) {
                weight = value.getWeight();
            }
        }
        return weight;
    }

    /** Returns the weight of no coding, if the client names it. */
    private static double plainWeight(List<QualityValue> values) {
        return values.stream()
                .filter(value -> value.getValue().strip().equalsIgnoreCase(Coding.IDENTITY.token()))
                .mapToDouble(QualityValue::getWeight)
                .max()
                .orElse(0.0);
    }
}
