package io.seawall.cli.command;

/** Writes lengths of time as people say them. */
public final class Ages {
    private static final int SECOND_MS = 1_000;
    private static final int HOURS_OF_A_DAY = 24;

    private Ages() {}

    /**
     * Returns a length of time in its two largest units, as in {@code 250ms}, {@code 7s}, {@code 3m20s}, {@code 5h2m} or {@code 4d3h}.
     *
     * @param ms milliseconds; below 0 counts as 0
     */
    public static String text(long ms) {
        if (ms < SECOND_MS) {
            return Math.max(0, ms) + "ms";
        }
        var seconds = ms / SECOND_MS;
        var minutes = seconds / 60;
        var hours = minutes / 60;
        var days = hours / HOURS_OF_A_DAY;
        if (days > 0) {
            return days + "d" + hours % HOURS_OF_A_DAY + "h";
        }
        if (hours > 0) {
            return hours + "h" + minutes % 60 + "m";
        }
        return minutes > 0 ? minutes + "m" + seconds % 60 + "s" : seconds + "s";
    }
}
