package io.seawall.it.inputs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Inputs, each with what came back, as text that is the same in each run. */
final class Transcript {
    private static final Pattern OF_A_RUN = Pattern.compile("(?<=since )[0-9T:.-]+Z|(?<=process )[0-9]+");

    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> names = new LinkedHashMap<>();
    private int inputs;

    /** Replaces this text, which differs from run to run, by a name. */
    Transcript name(String found, String name) {
        names.put(found, name);
        return this;
    }

    void section(String title) {
        text.append("\n== ").append(title).append(" ==\n");
    }

    /** Adds an input, with further lines of it indented, and the answer below it. */
    void add(String input, String answer) {
        inputs++;
        text.append('\n')
                .append(steady(input.strip()).replace("\n", "\n  "))
                .append('\n')
                .append(steady(answer.strip()).replaceAll("(?m)^", "    "))
                .append('\n');
    }

    private String steady(String said) {
        var steady = said;
        for (var name : names.entrySet()) {
            steady = steady.replace(name.getKey(), name.getValue());
        }
        return OF_A_RUN.matcher(steady).replaceAll("...");
    }

    int inputs() {
        return inputs;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
