package io.seawall.node.guard;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Collects what is written to the audit log, and to all logs together. */
public final class AuditLines implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<String> audit = new CopyOnWriteArrayList<>();
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.seawall");
    private final Level before = ours.getLevel();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            var line = text(event);
            all.add(line);
            if (event.getLoggerName().equals("seawall.audit")) {
                audit.add(line);
            }
        }
    };

    public AuditLines() {
        appender.start();
        root.addAppender(appender);
        ours.setLevel(Level.TRACE);
    }

    private static String text(ILoggingEvent event) {
        var pairs = event.getKeyValuePairs();
        return event.getLevel() + " " + event.getFormattedMessage()
                + (pairs == null
                        ? ""
                        : pairs.stream()
                                .map(pair -> " " + pair.key + "=" + pair.value)
                                .collect(Collectors.joining()));
    }

    public List<String> audit() {
        return List.copyOf(audit);
    }

    /** Returns everything that was logged, at all levels of our loggers. */
    public String everything() {
        return String.join("\n", all);
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        ours.setLevel(before);
    }
}
