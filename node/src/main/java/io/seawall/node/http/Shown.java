package io.seawall.node.http;

/** Makes text from a request fit to stand in an answer or a log line. */
final class Shown {
    private static final int LONGEST = 120;

    private Shown() {}

    /** The text in quotes, with control characters and halves of surrogate pairs replaced, cut at 120 characters. */
    static String text(String text) {
        var cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return "'" + cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?") + "'";
    }
}
