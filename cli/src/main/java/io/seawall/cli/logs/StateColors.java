package io.seawall.cli.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Colours the states of logs for a terminal: green for available, red for what a person has to look at, yellow for what passes. */
final class StateColors {
    private static final String COLUMN = "STATE";
    private static final String NEXT_COLUMN = "TERM";
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";
    private static final Set<String> BAD = Set.of("unavailable", "quarantined", "failed");

    private StateColors() {}

    /** Returns whether to colour: on a terminal, unless the user's NO_COLOR says otherwise (no-color.org). */
    static boolean wanted(boolean isTerminal, Map<String, String> environment) {
        return isTerminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Returns the lines of a table with colours, which take no room. */
    static List<String> paint(List<String> table) {
        var begin = table.isEmpty() ? -1 : table.get(0).indexOf(COLUMN);
        var end = table.isEmpty() ? -1 : table.get(0).indexOf(NEXT_COLUMN);
        if (begin < 0 || end < begin) {
            return table;
        }
        var painted = new ArrayList<>(table.subList(0, 1));
        for (var line : table.subList(1, table.size())) {
            var state = line.substring(begin, end).strip();
            painted.add(
                    line.substring(0, begin) + color(state) + state + PLAIN + line.substring(begin + state.length()));
        }
        return painted;
    }

    private static String color(String state) {
        if (state.equals("available")) {
            return GREEN;
        }
        return BAD.contains(state) ? RED : YELLOW;
    }
}
