package io.seawall.node.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/**
 * Bounds the warnings and errors of Kafka's clients to one line for each cause and minute: a node has a dozen clients, and while
 * Kafka is away each of them logs several lines a second. The next line of the cause tells in {@code leftOut} how many were left
 * out. Lines below a warning pass, since only a person who looks for something switches them on.
 *
 * <p>A cause is a logger, a level, a type of exception and a text without numbers and without the name of the client. At most
 * {@value #MOST_CAUSES} are known at a time; further ones count as one cause. Time is that of the events. Guarded by its monitor.
 */
public final class KafkaClientFilter extends Filter<ILoggingEvent> {
    /** More than the clients have different warnings. */
    static final int MOST_CAUSES = 100;

    static final long BETWEEN_LINES_MS = 60_000;

    private static final String LOGGERS = "org.apache.kafka.";
    private static final String LEFT_OUT = "leftOut";

    /** What each client puts before its lines: {@code [Producer clientId=..., transactionalId=...] }. */
    private static final Pattern CLIENT = Pattern.compile("^\\[[^\\]]*\\] ");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private final Map<String, Cause> causes = new HashMap<>();
    private final Cause others = new Cause();

    /** What was done with the lines of a cause. */
    private static final class Cause {
        private long shownMs = Long.MIN_VALUE;
        private long leftOut;

        /** Returns whether the cause may have a line again. If the clock was set back, it may. */
        boolean isOver(long nowMs) {
            return shownMs == Long.MIN_VALUE || nowMs < shownMs || nowMs - shownMs >= BETWEEN_LINES_MS;
        }
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.WARN)
                || !event.getLoggerName().startsWith(LOGGERS)) {
            return FilterReply.NEUTRAL;
        }
        var leftOut = show(cause(event), event.getTimeStamp());
        if (leftOut < 0) {
            return FilterReply.DENY;
        }
        if (leftOut > 0 && event instanceof LoggingEvent line) {
            line.addKeyValuePair(new KeyValuePair(LEFT_OUT, leftOut));
        }
        return FilterReply.NEUTRAL;
    }

    private static String cause(ILoggingEvent event) {
        var text = CLIENT.matcher(String.valueOf(event.getMessage())).replaceFirst("");
        var thrown = event.getThrowableProxy();
        return event.getLoggerName()
                + ' '
                + event.getLevel()
                + ' '
                + (thrown == null ? "" : thrown.getClassName())
                + ' '
                + NUMBER.matcher(text).replaceAll("#");
    }

    /** Returns how many lines of the cause were left out since its last one if it may be shown now; -1 if not. */
    private synchronized long show(String name, long nowMs) {
        var cause = known(name, nowMs);
        if (!cause.isOver(nowMs)) {
            cause.leftOut++;
            return -1;
        }
        var leftOut = cause.leftOut;
        cause.shownMs = nowMs;
        cause.leftOut = 0;
        return leftOut;
    }

    private Cause known(String name, long nowMs) {
        var known = causes.get(name);
        if (known != null) {
            return known;
        }
        if (causes.size() == MOST_CAUSES) {
            causes.values().removeIf(cause -> cause.isOver(nowMs));
        }
        if (causes.size() == MOST_CAUSES) {
            return others;
        }
        var added = new Cause();
        causes.put(name, added);
        return added;
    }
}
