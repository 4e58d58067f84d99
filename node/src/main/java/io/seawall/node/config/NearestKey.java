package io.seawall.node.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known key that the user probably meant. */
public final class NearestKey {
    private static final int TYPING_ERROR = 2;

    private NearestKey() {}

    /** Returns the known key with the fewest edits from {@code unknown}, if at most half of its letters differ. */
    public static Optional<String> to(String unknown, Collection<String> known) {
        return known.stream()
                .min(Comparator.<String>comparingInt(key -> distance(unknown, key))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(key -> distance(unknown, key) * 2 <= key.length());
    }

    /**
     * Returns the known key that {@code unknown} is a typing error of: at most two letters differ.
     *
     * @param unknown a key that may be right, although it is not known
     */
    static Optional<String> typedAs(String unknown, Collection<String> known) {
        return to(unknown, known).filter(key -> distance(unknown, key) <= TYPING_ERROR);
    }

    /**
     * Returns the distance for typing errors: the number of insertions, deletions and replacements of one letter, and of swaps of two
     * neighbours.
     */
    static int distance(String left, String right) {
        var edits = new int[left.length() + 1][right.length() + 1];
        for (var line = 0; line <= left.length(); line++) {
            for (var column = 0; column <= right.length(); column++) {
                edits[line][column] =
                        line == 0 || column == 0 ? line + column : edits(edits, left, right, line, column);
            }
        }
        return edits[left.length()][right.length()];
    }

    private static int edits(int[][] edits, String left, String right, int line, int column) {
        var isSame = left.charAt(line - 1) == right.charAt(column - 1);
        var fewest = Math.min(
                edits[line - 1][column - 1] + (isSame ? 0 : 1),
                Math.min(edits[line - 1][column], edits[line][column - 1]) + 1);
        var isSwap = line > 1
                && column > 1
                && left.charAt(line - 1) == right.charAt(column - 2)
                && left.charAt(line - 2) == right.charAt(column - 1);
        return isSwap ? Math.min(fewest, edits[line - 2][column - 2] + 1) : fewest;
    }
}
