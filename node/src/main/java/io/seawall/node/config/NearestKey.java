package io.seawall.node.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known key that the user probably meant. */
final class NearestKey {
    private static final int TYPING_ERROR = 2;

    private NearestKey() {}

    /** Returns the known key with the fewest edits from {@code unknown}, if fewer than half of its letters differ. */
    static Optional<String> to(String unknown, Collection<String> known) {
        return known.stream()
                .min(Comparator.<String>comparingInt(key -> distance(unknown, key))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(key -> distance(unknown, key) * 2 < key.length());
    }

    /**
     * Returns the known key that {@code unknown} is a typing error of: at most two letters differ.
     *
     * @param unknown a key that may be right, although it is not known
     */
    static Optional<String> typedAs(String unknown, Collection<String> known) {
        return to(unknown, known).filter(key -> distance(unknown, key) <= TYPING_ERROR);
    }

    /** Returns the Levenshtein distance: the number of insertions, deletions and replacements of one letter. */
    static int distance(String left, String right) {
        var row = new int[right.length() + 1];
        for (var column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (var line = 1; line <= left.length(); line++) {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column < row.length; column++) {
                var replaced = diagonal + (left.charAt(line - 1) == right.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, Math.min(row[column], row[column - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
