package io.seawall.node.access;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An action on topics, written as {@code read:orders-*}.
 *
 * @param action what is allowed
 * @param topics a topic's name, or the begin of names and an asterisk, which alone stands for all topics
 */
public record Right(Action action, String topics) {
    /** The topics of a right for all of them. */
    public static final String ALL = "*";

    private static final Pattern FORM = Pattern.compile("(append|read|trim|admin):([a-z0-9][a-z0-9-]{0,99}\\*?|\\*)");

    /**
     * Parses a right.
     *
     * @throws io.seawall.wal.RequestException with code INVALID if the text is none
     */
    public static Right parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw Problem.of(ErrorCode.INVALID, "read a right")
                    .found("'" + AccessFile.shown(text) + "'")
                    .expected("append, read, trim or admin, a colon, and a topic or the begin of topics with *, as in"
                            + " read:orders-*")
                    .exception();
        }
        return new Right(Action.valueOf(form.group(1).toUpperCase(Locale.ROOT)), form.group(2));
    }

    /** Returns whether the right is for this topic. */
    public boolean covers(String topic) {
        return topics.endsWith("*") ? topic.startsWith(topics.substring(0, topics.length() - 1)) : topic.equals(topics);
    }

    /** Returns whether the right is for all topics, also for those that are not there yet. */
    public boolean coversAll() {
        return topics.equals(ALL);
    }

    @Override
    public String toString() {
        return action.text() + ":" + topics;
    }
}
