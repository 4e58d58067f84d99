package io.seawall.wal;

import java.io.Serializable;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A physical channel: one log, which is one partition of one topic. Its text form is {@code <topic>-<partition>}, as in
 * {@code orders-3}.
 *
 * @param topic the topic's name without any prefix: 1 to 100 of {@code a-z}, {@code 0-9} and {@code -}, not starting with
 *     {@code -}, and not {@code meta}
 * @param partition 0 or more
 */
public record PChannel(String topic, int partition) implements Comparable<PChannel>, Serializable {
    private static final String TOPIC_RULE = "[a-z0-9][a-z0-9-]{0,99}";
    private static final String TOPIC_WORDS = "1 to 100 of a-z 0-9 -, the first a letter or digit";
    private static final Pattern TOPIC = Pattern.compile(TOPIC_RULE);
    private static final Pattern TEXT = Pattern.compile("(" + TOPIC_RULE + ")-(0|[1-9][0-9]{0,8})");
    private static final String RESERVED_TOPIC = "meta";
    private static final Comparator<PChannel> ORDER =
            Comparator.comparing(PChannel::topic).thenComparingInt(PChannel::partition);

    /**
     * Checks the topic's name and the partition.
     *
     * @throws RequestException with {@link ErrorCode#INVALID} for a name or a number that is not allowed
     */
    public PChannel {
        checkTopic(topic);
        if (partition < 0) {
            throw Problem.of(ErrorCode.INVALID, "name a pchannel of topic " + topic)
                    .found("partition " + partition)
                    .expected("a partition number of 0 or more")
                    .exception();
        }
    }

    /**
     * Parses the text form.
     *
     * @param text as in {@code orders-3}
     * @return the pchannel
     * @throws RequestException with {@link ErrorCode#INVALID} if the text is not of that form
     */
    public static PChannel parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw Problem.of(ErrorCode.INVALID, "read a pchannel's name")
                    .foundText(text)
                    .expected("<topic>-<number>, as in orders-3, with a topic of " + TOPIC_WORDS)
                    .exception();
        }
        return new PChannel(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    /**
     * Returns the names of a topic's logs as a text for people.
     *
     * @param topic the name without prefix
     * @param count how many logs it has, 1 or more
     * @return as in {@code orders-0 to orders-3}
     */
    public static String names(String topic, int count) {
        var first = topic + "-0";
        return count == 1 ? first : first + " to " + topic + "-" + (count - 1);
    }

    /**
     * Checks a topic's name.
     *
     * @param topic the name without prefix
     * @return the same name
     * @throws RequestException with {@link ErrorCode#INVALID} if it is not allowed
     */
    public static String checkTopic(String topic) {
        if (!TOPIC.matcher(topic).matches()) {
            throw Problem.of(ErrorCode.INVALID, "name a topic")
                    .foundText(topic)
                    .expected(TOPIC_WORDS + ", as in orders")
                    .exception();
        }
        if (topic.equals(RESERVED_TOPIC)) {
            throw Problem.of(ErrorCode.INVALID, "name a topic")
                    .found("'" + RESERVED_TOPIC + "'")
                    .expected("another name: '" + RESERVED_TOPIC + "' is reserved for Seawall's own records")
                    .exception();
        }
        return topic;
    }

    @Override
    public int compareTo(PChannel other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
