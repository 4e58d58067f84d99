package io.seawall.wal;

/** Makes text from outside safe for messages and log lines. */
final class Texts {
    private static final int LONGEST = 120;

    private Texts() {}

    /** Returns the text with control characters and halves of surrogate pairs replaced, cut at 120 characters. */
    static String shown(String text) {
        var cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }
}
