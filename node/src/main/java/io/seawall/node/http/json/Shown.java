package io.seawall.node.http.json;

/** Makes text from a request safe for an answer or a log line. */
public final class Shown {
    private static final int LONGEST = 120;

    private Shown() {}

    /**
     * Returns the text in quotes, with control characters and halves of surrogate pairs replaced, cut at {@value #LONGEST}
     * characters.
     */
    public static String text(String text) {
        return "'" + safe(text) + "'";
    }

    /** Returns the path of a request in the same way, but without quotes. */
    public static String path(String path) {
        return safe(path);
    }

    private static String safe(String text) {
        var cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }
}
